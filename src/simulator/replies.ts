// This file holds what simulated receivers say, and how each provider labels it: SparkPost by bounce_class, Elastic Email by category,
// Mandrill by event, bgtools_code (SparkPost's numbers) and bounce_description. Replies are RFC 5321 codes with RFC 3463 enhanced ones.

export interface Reply {
  /** `{address}` stands for the recipient. */
  readonly text: string;
  readonly sparkpostClass: number;
  readonly elasticCategory: string;
  readonly mandrillEvent: 'hard_bounce' | 'soft_bounce' | 'deferral';
  readonly mandrillDescription: string;
}

function reply(
  text: string,
  sparkpostClass: number,
  elasticCategory: string,
  mandrillEvent: Reply['mandrillEvent'],
  mandrillDescription = 'general',
): Reply {
  return { text, sparkpostClass, elasticCategory, mandrillEvent, mandrillDescription };
}

export const REPLIES = {
  'unknown-user': reply('550 5.1.1 <{address}>: user unknown in virtual mailbox table', 10, 'NoMailbox', 'hard_bounce', 'bad_mailbox'),
  inactive: reply(
    '550 5.2.1 <{address}>: this mailbox is disabled and takes no messages',
    10,
    'AccountProblem',
    'hard_bounce',
    'bad_mailbox',
  ),
  'full-now': reply('452 4.2.2 <{address}>: mailbox full, try again later', 22, 'AccountProblem', 'deferral', 'mailbox_full'),
  full: reply('552 5.2.2 <{address}>: mailbox full, the quota is exceeded', 22, 'AccountProblem', 'soft_bounce', 'mailbox_full'),
  'bad-domain': reply('550 5.1.2 <{address}>: host unknown, domain not found', 21, 'DNSProblem', 'hard_bounce', 'invalid_domain'),
  'no-mail': reply('556 5.1.10 <{address}>: the domain does not accept mail (null MX)', 30, 'DNSProblem', 'hard_bounce', 'invalid_domain'),
  greylist: reply('451 4.7.1 <{address}>: greylisted, try again later', 20, 'GreyListed', 'deferral'),
  'try-later': reply('451 4.3.0 local error in processing, try again later', 70, 'ConnectionProblem', 'deferral'),
  throttled: reply('421 4.7.28 too many messages from your address, try again later', 20, 'Throttled', 'deferral'),
  'no-answer': reply('451 4.4.1 no answer from host, connection timed out', 24, 'Timeout', 'deferral'),
  expired: reply('554 4.4.7 delivery time expired, the message was in the queue for too long', 24, 'Timeout', 'soft_bounce'),
  blocked: reply('554 5.7.1 service unavailable; client host [198.51.100.7] blocked using dnsbl.example', 51, 'BlackListed', 'soft_bounce'),
  content: reply('554 5.7.1 message refused as spam because of its content', 52, 'Spam', 'soft_bounce'),
  virus: reply('554 5.7.0 message refused: a virus was found', 53, 'ContentFilter', 'soft_bounce'),
  'too-large': reply('552 5.3.4 message size exceeds the limit of this receiver', 23, 'Unknown', 'soft_bounce'),
  unauthenticated: reply(
    '550 5.7.26 unauthenticated mail from this domain is not accepted: SPF and DKIM did not pass',
    50,
    'SPFProblem',
    'soft_bounce',
  ),
  policy: reply('550 5.7.1 refused by a policy of this site', 50, 'Unknown', 'soft_bounce'),
  foreign: reply(
    '554 5.7.1 <{address}>: relay access denied; only mailboxes under mailbox.test are simulated',
    54,
    'Unknown',
    'soft_bounce',
  ),
  suppressed: reply('554 5.7.1 recipient address was suppressed due to customer policy', 25, 'NotDelivered', 'hard_bounce'),
  'auto-reply': reply('250 2.0.0 out of office', 60, 'Ignore', 'soft_bounce'),
  delivered: reply('250 2.0.0 Ok: delivered', 0, 'Unknown', 'soft_bounce'),
} as const satisfies Record<string, Reply>;

export type ReplyName = keyof typeof REPLIES;

/** The receiver's words for one address. */
export function replyText(name: ReplyName, address: string): string {
  return REPLIES[name].text.replace('{address}', () => address);
}

/** Basic code and enhanced code at the start of a reply. */
export function replyCodes(name: ReplyName): { code: string; enhanced: string } {
  const [code = '', enhanced = ''] = REPLIES[name].text.split(' ', 2);
  return { code, enhanced };
}
