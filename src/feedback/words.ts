// This file says each class in plain words: what happened, and what to do next. `packetboat explain bounce` and the console print it.
import type { FeedbackClass } from './vocabulary.ts';

export interface ClassWords {
  /** What happened, for somebody who has never seen an SMTP reply. */
  readonly meaning: string;
  /** What to do next, and who does it. */
  readonly next: string;
}

export const CLASS_WORDS: Readonly<Record<FeedbackClass, ClassWords>> = {
  'invalid-recipient': {
    meaning: 'This mailbox does not exist.',
    next: 'Ask the person for their current address.',
  },
  'inactive-mailbox': { meaning: 'The mailbox exists but has been closed or switched off.', next: 'Ask the person for another address.' },
  'mailbox-full': { meaning: 'The mailbox is full.', next: 'Wait until the person has made room, or reach them another way.' },
  'bad-domain': { meaning: 'The part after the @ does not exist or takes no mail.', next: 'Look for a typing error in the address.' },
  'domain-not-accepting': { meaning: 'The domain says that it takes no mail at all.', next: 'Ask the person for an address elsewhere.' },
  greylist: {
    meaning: 'The server asked us to come back in some minutes, as it does with senders it does not know.',
    next: 'Nothing: a temporary answer is tried again by itself.',
  },
  network: { meaning: 'The server could not be reached.', next: 'Nothing: a temporary answer is tried again by itself.' },
  expired: {
    meaning: 'The server could not be reached for so long that the message was given up.',
    next: 'Send it again later, or ask the person whether their mail works.',
  },
  system: { meaning: 'The receiving server has a fault of its own.', next: 'Nothing: a temporary answer is tried again by itself.' },
  protocol: {
    meaning: 'The two servers did not understand each other.',
    next: 'The operator looks at the dialogue on the page of the message.',
  },
  tls: { meaning: 'The servers could not agree on encryption.', next: 'The operator checks the TLS settings of the route.' },
  'relay-denied': {
    meaning: 'The server that answered is not in charge of this domain.',
    next: 'Look for a typing error in the domain; else the receiver has to correct their mail settings.',
  },
  'spam-content': {
    meaning: 'The receiver took the content for spam. The address is fine.',
    next: 'Change wording and links, and look at the pre-flight of the mailing.',
  },
  content: {
    meaning: 'The receiver refused the form of the message. The address is fine.',
    next: 'The operator looks at how the message was built.',
  },
  virus: {
    meaning: 'The receiver found something dangerous in the message. The address is fine.',
    next: 'Remove the attachment or link, and check the computer it came from.',
  },
  'message-too-large': { meaning: 'The message is larger than the receiver allows.', next: 'Put the attachment online and send a link.' },
  'ip-reputation': {
    meaning: "The receiver refuses our server's IP address. The address is fine.",
    next: 'Nothing for you: the message takes another route, and the operator has been told.',
  },
  'auth-failure': {
    meaning: 'The receiver could not verify that the mail comes from your domain. The address is fine.',
    next: 'Complete the DNS records of the sending domain.',
  },
  'rate-limited': {
    meaning: 'We sent faster than the receiver likes.',
    next: 'Nothing: the pace is lowered and it is tried again by itself.',
  },
  policy: {
    meaning: 'A rule of the receiver refused the message. The address is fine.',
    next: 'Read the words of the receiver; the operator can ask them.',
  },
  'sender-rejected': {
    meaning: 'The receiver does not accept this sender. The address is fine.',
    next: 'Check the sender address and its domain.',
  },
  'recipient-filtered': { meaning: 'A filter of the recipient refused the message.', next: 'Ask the person to allow your address.' },
  operator: {
    meaning: 'Our own account at the provider refused the message. The address is fine.',
    next: 'The operator looks at the provider account.',
  },
  complaint: {
    meaning: 'The recipient marked the message as unwanted.',
    next: 'Respect it; people often press the wrong button and can ask to be written to again.',
  },
  'auto-reply': { meaning: 'An automatic reply came back. The message arrived.', next: 'Nothing.' },
  delivered: { meaning: 'The receiver confirmed the delivery.', next: 'Nothing.' },
  unclassified: {
    meaning: 'The answer says too little to tell what happened.',
    next: 'Wait for the next answer; nothing is held because of this one.',
  },
};
