// This file writes down, for applications that only know mail, that a recipient of theirs failed: a consumer of the event log. Whether the notice may leave is
// looked at when it does (send-notices.ts).

import { noticeWords } from '../feedback/notice-words.ts';
import type { IdMint } from '../ids.ts';
import { type NewNotice, type NoticeSettings, noticeSettingsOf, queueNotices } from '../store/bounce-notices.ts';
import type { ConsumedEvent } from '../store/event-consumers.ts';
import type { EventConsumer } from './consume-events.ts';

/** States in which a recipient did not get the message, and nothing more will be tried. */
const FAILED: ReadonlySet<string> = new Set(['bounced', 'failed', 'expired']);
const TYPES = ['bounced', 'rejected', 'failed', 'expired', 'complained'];

export function makeQueueNotices(deps: { readonly ids: IdMint }): EventConsumer {
  return {
    name: 'bounce-notices',
    types: TYPES,
    start: 'present',
    async consume(client, page) {
      // The null sender wants to hear nothing (RFC 5321 §4.5.5).
      const wanted = page.filter((event) => event.mailFrom !== '');
      if (wanted.length === 0) return;
      const settings = await noticeSettingsOf(client, [...new Set(wanted.map(({ tenantId }) => tenantId))]);
      const notices = wanted.flatMap((event) => {
        const its = settings.get(event.tenantId);
        const notice = its ? noticeOf(event, its, deps.ids) : null;
        return notice ? [notice] : [];
      });
      await queueNotices(client, firstOfEach(notices));
    },
  };
}

function noticeOf(event: ConsumedEvent, settings: NoticeSettings, ids: IdMint): NewNotice | null {
  const complaint = event.type === 'complained';
  if (complaint ? !settings.complaints : !FAILED.has(event.state)) return null;
  const cls = complaint ? 'complaint' : classOf(event);
  // Null: our operator has to mend it, and the message is held or goes another way.
  if (cls === null || noticeWords(cls) === null) return null;
  if (!complaint && settings.classes !== null && !settings.classes.includes(cls)) return null;
  return {
    tenantId: event.tenantId,
    id: ids.next(),
    recipientId: event.recipientId,
    messageId: event.messageId,
    kind: complaint ? 'complaint' : 'failed',
    to: event.mailFrom,
    address: event.address,
    class: cls,
    atMs: event.atMs,
  };
}

/** The class of a failure; null where it is nobody's but our operator's. */
function classOf(event: ConsumedEvent): string | null {
  if (event.type === 'expired') return 'expired';
  const { class: cls, fault } = event.data;
  if (fault === 'operator') return null;
  if (typeof cls === 'string') return cls;
  return event.state === 'bounced' ? 'unclassified' : null;
}

function firstOfEach(notices: readonly NewNotice[]): NewNotice[] {
  return [...new Map(notices.toReversed().map((notice) => [`${notice.recipientId} ${notice.kind}`, notice])).values()];
}
