// This file chooses the words in which an application that only knows mail hears of a failure. Such programs match words against lists of their own, so each class has
// one sentence that means the same to CiviCRM's bounce types and to a reader; the remote server's words stay out, because "blocked using …" would be charged to
// the member. docs/CIVICRM.md shows the table; a test holds both together.
import type { FeedbackClass } from './vocabulary.ts';

export interface NoticeWords {
  /** What CiviCRM files it under. */
  readonly civicrm: 'Invalid' | 'Inactive' | 'Quota' | 'Dns' | 'Host' | 'Relay' | 'Away' | 'AOL';
  /** Basic code and enhanced code (RFC 3463). */
  readonly code: number;
  readonly status: string;
  readonly words: string;
}

/** Nobody's address is at fault. CiviCRM has no type that never holds; "Away" holds last, after 30. */
const OUR_SIDE = 'No fault of the recipient: count it as an answer that somebody is out of the office, and keep writing to the address.';
const THEIR_SERVER = 'The receiving side failed for good: error involving remote host.';

const ours = (code: number, status: string): NoticeWords => ({ civicrm: 'Away', code, status, words: OUR_SIDE });
const theirs = (code: number, status: string): NoticeWords => ({ civicrm: 'Host', code, status, words: THEIR_SERVER });

export const NOTICE_WORDS: Readonly<Record<Exclude<FeedbackClass, 'operator' | 'auto-reply' | 'delivered'>, NoticeWords>> = {
  'invalid-recipient': { civicrm: 'Invalid', code: 550, status: '5.1.1', words: 'User unknown: there is no such mailbox.' },
  'inactive-mailbox': { civicrm: 'Inactive', code: 550, status: '5.2.1', words: 'Account inactive: the mailbox is closed for mail.' },
  'mailbox-full': { civicrm: 'Quota', code: 552, status: '5.2.2', words: 'Mailbox is full: quota exceeded.' },
  'bad-domain': { civicrm: 'Dns', code: 550, status: '5.1.2', words: 'Host or domain name not found.' },
  'domain-not-accepting': { civicrm: 'Dns', code: 556, status: '5.1.10', words: 'There is no mail server for this domain.' },
  greylist: theirs(554, '4.4.7'),
  network: theirs(554, '4.4.1'),
  expired: theirs(554, '4.4.7'),
  system: theirs(554, '5.3.0'),
  protocol: theirs(554, '5.5.0'),
  tls: theirs(554, '5.7.5'),
  'relay-denied': { civicrm: 'Relay', code: 554, status: '5.7.1', words: 'Relay access denied: the server takes no mail for this domain.' },
  'spam-content': ours(554, '5.6.0'),
  content: ours(554, '5.6.0'),
  virus: ours(554, '5.6.0'),
  'message-too-large': ours(552, '5.3.4'),
  'ip-reputation': ours(554, '5.7.0'),
  'auth-failure': ours(554, '5.7.0'),
  'rate-limited': ours(554, '5.7.0'),
  policy: ours(554, '5.7.0'),
  'sender-rejected': ours(554, '5.7.0'),
  'recipient-filtered': ours(554, '5.7.0'),
  unclassified: ours(554, '5.0.0'),
  complaint: { civicrm: 'AOL', code: 554, status: '5.7.0', words: 'Client TOS Notification: the recipient does not want this mail.' },
};

/** Classes an application can hear of. */
// Object.keys of a const object are exactly its keys.
export const NOTICE_CLASSES = Object.keys(NOTICE_WORDS) as (keyof typeof NOTICE_WORDS)[];

/** The words for a class as it stands in an event; null for what is our operator's to mend, and for what is no failure. */
export function noticeWords(cls: string | null): NoticeWords | null {
  if (cls === null) return NOTICE_WORDS.unclassified;
  return Object.hasOwn(NOTICE_WORDS, cls) ? NOTICE_WORDS[cls as keyof typeof NOTICE_WORDS] : null;
}
