// This file is SparkPost's table of refusals, as data: first match wins. Codes are strings in `errors[0].code`.
import type { SendRule } from '../send-rules.ts';

export const SPARKPOST_ERRORS: readonly SendRule[] = [
  // Quota: nothing of the transmission is sent. 2101 is the hourly limit; 2102 daily (rolling), 2105 monthly and 2103 sandbox name no time.
  { http: [420], code: ['2101'], action: 'quota', retryAfterMs: 3_600_000 },
  { http: [420], action: 'quota' },
  // Sending domain unverified, blocked or owned by another account; DKIM key unverified. Another provider may know the domain.
  { http: [400], code: ['7000', '7001', '7004', '1100'], action: 'config' },
  { http: [401], action: 'account' },
  { http: [403], text: /suspend|terminat/i, action: 'suspended' },
  // The key lacks the grant, its IP is not allowed, or the plan lacks the feature.
  { http: [403], action: 'account' },
  { http: [429], action: 'retry-after', retryAfterMs: 5_000 },
  // 400 with 1502: the server lacks resources, and says so before generating anything.
  { http: [400], code: ['1502'], action: 'retry', provesRefusal: true, retryAfterMs: 5_000 },
  // 1900: the generator is not available. Other 5xx say nothing about what happened before them.
  { http: [503], action: 'retry', provesRefusal: true, retryAfterMs: 5_000 },
  { http: '5xx', action: 'retry', retryAfterMs: 5_000 },
  // None of the recipients can be mailed. The code is from memory; without it the refusal would blame the message.
  { http: [400], code: ['5002'], action: 'recipient' },
  { http: [413], action: 'permanent', class: 'message-too-large' },
  // A wrong base address or a wrong content type is ours, not the message's.
  { http: [404, 405, 406, 415], action: 'config', misconfigured: true },
  { http: [400, 409, 422], ownFormat: true, action: 'permanent' },
];
