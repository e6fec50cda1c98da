// This file holds the words for every class in English.
import type { ClassWordList } from './word-list.ts';

export const ENGLISH_CLASS_WORDS: ClassWordList = {
  'invalid-recipient': {
    volunteer: 'This mailbox does not exist. Often there is a typing error in the address, or the person has moved to another one.',
    developer:
      'The receiving server knows no such mailbox (5.1.1 and its kin). A permanent answer puts the address on hold for this organisation.',
    next: 'Ask the person for their current address, by telephone or at the next meeting.',
  },
  'inactive-mailbox': {
    volunteer: 'The mailbox exists, but it has been closed or has not been used for a long time.',
    developer:
      'The mailbox is disabled, suspended or on a list of the provider that stops mail to it (5.2.1). A permanent answer puts the address on hold.',
    next: 'Ask the person for another address, or to sign in to this mailbox again.',
  },
  'mailbox-full': {
    volunteer: 'The mailbox is full. The person has to delete something before new mail fits in.',
    developer: 'The mailbox is over its quota (x.2.2). Tried again while the message lives; only full for weeks puts the address on hold.',
    next: 'Wait until there is room again, or reach the person another way.',
  },
  'bad-domain': {
    volunteer: 'The part behind the @ does not exist. Usually it is a typing error.',
    developer: 'The domain of the address has no such name or no mail server in DNS (5.1.2, 5.4.4).',
    next: 'Compare the part behind the @ with what the person wrote, and correct the address.',
  },
  'domain-not-accepting': {
    volunteer: 'The part behind the @ exists, but it takes no mail at all.',
    developer: 'The domain says that it takes no mail: a null MX (RFC 7505), 521 or 556 (RFC 7504).',
    next: 'Ask the person for an address elsewhere.',
  },
  greylist: {
    volunteer: 'The other server asked us to come back in some minutes, as it does with senders it does not know yet.',
    developer: 'Greylisting: a temporary answer to a sender, address and IP seen for the first time. The same route is tried again.',
    next: 'Nothing to do: it is tried again by itself.',
    ended: {
      volunteer: 'The other server asked us to come back later, and in the end it did not take the message.',
      next: 'Send the message again: such servers usually take it when it comes a second time.',
    },
  },
  network: {
    volunteer: 'The other server could not be reached. That is usually over after some hours.',
    developer: 'No connection, a connection that broke, a routing loop or DNS that did not answer (x.4.x).',
    next: 'Nothing to do: it is tried again by itself. If it lasts for days, ask the person whether their mail works.',
    ended: {
      volunteer: 'The other server could not be reached, and the message came back.',
      next: 'Send the message again later, or ask the person whether their mail works.',
    },
  },
  expired: {
    volunteer: 'It was tried for a long time, and the other server never took the message.',
    developer: 'The lifetime in a queue ran out (4.4.7). The last real answer, if there was one, stands in the diagnostic.',
    next: 'Send the message again later, or ask the person whether their mail works.',
  },
  system: {
    volunteer: 'The other server has a fault of its own. It is not about this address and not about you.',
    developer: 'A fault of the receiving system: disk full, database away, delivery program failed (x.3.x, 421, 451).',
    next: 'Nothing to do: it is tried again by itself.',
    ended: {
      volunteer: 'The other server has a fault of its own and did not take the message. It is not about this address and not about you.',
      next: 'Send the message again later; if it comes back once more, reach the person another way.',
    },
  },
  protocol: {
    volunteer: 'The two servers did not understand each other.',
    developer: 'A syntax or sequence error of SMTP, or an extension that one side lacks (50x, x.5.x).',
    next: 'The operator looks at the dialogue on the page of the message.',
  },
  tls: {
    volunteer: 'The two servers could not agree on an encrypted line, so the message was not handed over.',
    developer: 'STARTTLS is required and failed, or a certificate, MTA-STS policy or DANE record did not fit (x.7.10, x.7.32x).',
    next: 'The operator checks the encryption of the route; the other side may have to renew a certificate.',
  },
  'relay-denied': {
    volunteer: 'The server that answered does not look after this domain.',
    developer:
      'The receiving server refuses to relay: its MX record points to a server that is not set up for the domain, or the route needs a log-in.',
    next: 'Look for a typing error behind the @; else the receiving side has to correct its settings.',
  },
  'spam-content': {
    volunteer: 'The receiver took the message for advertising nobody asked for. The address is fine.',
    developer: 'A content filter gave the message a bad score or found a listed link. Nothing is held against the address.',
    next: 'Change subject, wording and links before it goes out again.',
  },
  content: {
    volunteer: 'The receiver did not like how the message is built. The address is fine.',
    developer: 'Malformed or doubled headers, lines too long, an attachment type that is not allowed (x.6.x).',
    next: 'Leave out unusual attachments; if it stays, the operator looks at how the message was built.',
  },
  virus: {
    volunteer: 'The receiver found something dangerous in the message. The address is fine.',
    developer: 'A malware or phishing scanner refused the message or a link in it.',
    next: 'Remove the attachment or link, and check the computer it came from.',
  },
  'message-too-large': {
    volunteer: 'The message is larger than the receiver allows.',
    developer: 'Over the SIZE of the receiving server or of the mailbox (552, x.2.3, x.3.4).',
    next: 'Put the attachment online and send a link instead.',
  },
  'ip-reputation': {
    volunteer: 'The receiver refuses the machine our mail came from. The address is fine, and so are you.',
    developer:
      'The sending IP address is listed, has a poor reputation or lacks reverse DNS. It is the fault of the sending side and holds no address.',
    next: 'Nothing to do for you: the message takes another route where there is one, and the operator sees it.',
    ended: {
      next: 'No other route took this message. The operator mends what is ours; send it again after that.',
    },
  },
  'auth-failure': {
    volunteer: 'The receiver could not verify that the mail really comes from your organisation. The address is fine.',
    developer: 'SPF, DKIM or DMARC failed for the sending domain (5.7.20 to 5.7.27, 5.7.509, 5.7.515).',
    next: 'Complete the DNS records of your sending domain; its page shows which ones are missing.',
  },
  'rate-limited': {
    volunteer: 'The receiver wants our mail more slowly. It still arrives, only later.',
    developer: 'Too many connections, messages or recipients in a time (421, 4.5.3, 4.7.28). The lane slows down and tries again.',
    next: 'Nothing to do: the pace is lowered and it is tried again by itself.',
    ended: {
      volunteer: 'The receiver wanted our mail more slowly, and in the end it did not take this message. The address is fine.',
      next: 'Send the message again later; the operator sees to the pace.',
    },
  },
  policy: {
    volunteer: 'A rule of the receiver refused the message. The address is fine.',
    developer:
      'Site policy, a security rule or a required log-in (x.7.x) without a word about whom it means. Nothing is held against the address.',
    next: 'Read the words of the receiver; the operator can ask them what the rule wants.',
  },
  'sender-rejected': {
    volunteer: 'The receiver does not accept the address this was written from. The address it went to is fine.',
    developer: 'The envelope sender, the From address or its domain was refused (5.1.7, 5.1.8), or a callback to it failed.',
    next: 'Check the sender address: its domain must exist and take mail.',
  },
  'recipient-filtered': {
    volunteer: 'A filter of the recipient, or of their organisation, refused the message.',
    developer:
      'A filter on the recipient’s side refused it, often after DATA and with words of an unknown user. Too little to hold the address.',
    next: 'Ask the person to allow your address in their settings.',
  },
  operator: {
    volunteer: 'Our own account at the provider refused the message. The address is fine, and so are you.',
    developer: 'The provider account is over its quota, suspended or set up wrongly. It never counts in an organisation’s statistics.',
    next: 'Nothing to do for you: the operator looks at the provider account.',
  },
  complaint: {
    volunteer: 'The person pressed the button for unwanted mail. Often that is a slip, or the quickest way to unsubscribe.',
    developer: 'A feedback loop reported a complaint (RFC 5965). Bulk mail to the address stops at once; single messages still go.',
    next: 'Respect it. If it was a slip, the person can ask you to write to them again.',
  },
  'auto-reply': {
    volunteer: 'An automatic reply came back, such as a note of absence. The message arrived.',
    developer: 'A vacation notice or a challenge (RFC 3834): it says nothing about the delivery and changes no state.',
    next: 'Nothing to do. A challenge asks the sender to confirm once; a person has to do that.',
  },
  delivered: {
    volunteer: 'The message arrived at the recipient’s provider.',
    developer: 'The receiving server or a delivery status mail confirmed the delivery.',
    next: 'Nothing to do.',
  },
  unclassified: {
    volunteer: 'The other server said too little to tell what happened.',
    developer: 'No rule and no code decided. The words stand in the diagnostic; an operator can add a rule for them.',
    next: 'Wait for the next answer; nothing is held because of this one.',
  },
};
