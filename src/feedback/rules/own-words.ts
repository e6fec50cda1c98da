// This file holds what mail servers say of themselves when no receiver answered: Exim, Postfix, sendmail, qmail, Dovecot, Exchange. No basic code stands in front of such words,
// so that a receiver's reply never meets these rules.
import type { ReplyRule } from './rule.ts';

/** The sending side speaks: no basic code. */
const NO_REPLY = /^ /;

export const OWN_WORDS_RULES: readonly ReplyRule[] = [
  {
    id: 'own-loop',
    class: 'network',
    code: NO_REPLY,
    words: [
      /mx record points to local host|remote host address is the local host|caused the message to bounce between two servers/,
      /destination system (?:of the message )?could not be reached|communications failure/,
    ],
    sample: 'lowest numbered MX record points to local host',
  },
  {
    id: 'own-no-host',
    class: 'bad-domain',
    code: NO_REPLY,
    words: [
      /all host address lookups failed permanently|name or service not known|nodename nor servname|domain name (?:is )?not resolvable/,
      /recipient.s (?:domain could not be found|destination e-?mail system is unknown)|could not be found in (?:the )?domain name service/,
    ],
    sample: 'all host address lookups failed permanently',
  },
  {
    id: 'own-mailbox-limit',
    class: 'mailbox-full',
    code: NO_REPLY,
    words: [
      /(?:writing|append\w*|delivery|maildir|mailbox|inbox).{0,80}(?:quota (?:was )?exceed|disk quota|file too large)|database is over its size quota/,
    ],
    sample: 'maildir delivery failed: error writing message: Disk quota exceeded',
  },
  {
    id: 'own-delivery',
    class: 'system',
    code: NO_REPLY,
    words: [
      /mail transport unavailable|ex_(?:tempfail|software|oserr|ioerr|cantcreat)|delivery to (?:file|pipe|directory|mailbox) (?:is )?forbidden|local delivery failed|never_users|(?:remote domains|non-local (?:mail|delivery)) (?:is |are )?not supported|unknown mail transport|command (?:time limit|died)/,
      /alias database|lookup error for|could not be stored|error writing|maildir delivery failed|(?:world|directory is|file is) writable|input\/output error|unknown mailer error/,
      /permission denied|has been locked|\blda: |initiali[sz]ation failed|sieve.{0,20}error|cannot (?:find or )?create|insufficient permission/,
    ],
    sample: 'unknown mailer error 2',
  },
  {
    id: 'own-expired',
    class: 'expired',
    code: NO_REPLY,
    words: [
      /(?:message|it) (?:\S{3,40} )?(?:has been|was) frozen|frozen on arrival|envelope expired|delivered for too long|for the last \d+ (?:days?|hours?|seconds?|minutes?)/,
      /retry limit exceeded|max(?:imum)? (?:number of )?(?:retries|attempts)|delivery attempts exceeded|in the time limit specified/,
    ],
    sample: 'The message could not be delivered for too long',
  },
  {
    id: 'own-connection',
    class: 'network',
    code: NO_REPLY,
    words: [/no mail servers? appears? to exists?|tcp connect|read error from|network read|host is down|end of file (?:from|while)/],
    sample: 'reply: read error from mx.example.com.',
  },
  {
    id: 'own-address-form',
    class: 'protocol',
    code: NO_REPLY,
    words: [
      /colon illegal|user address required|syntax illegal|unbalanced|angle-brackets|source-routed address|unqualified (?:local part|address)|remote protocol error/,
    ],
    sample: 'domain missing in source-routed address',
  },
  {
    id: 'own-data-form',
    class: 'content',
    code: NO_REPLY,
    words: [/data format error|bad header section/],
    sample: 'Data format error',
  },
  {
    id: 'own-banned-content',
    class: 'policy',
    code: NO_REPLY,
    words: [/banned (?:contents?|name|file)/],
    sample: 'BANNED CONTENTS ALERT: banned name: .exe',
  },
  {
    id: 'own-no-permission',
    class: 'policy',
    code: NO_REPLY,
    words: [/you (?:do not have permission|are not (?:allowed|permitted)) to send (?:(?:messages?|mail) )?to this (?:recipient|group)/],
    sample: 'You do not have permission to send to this recipient.',
  },
  {
    id: 'own-no-mailbox',
    class: 'invalid-recipient',
    code: NO_REPLY,
    words: [
      /address you entered (?:could ?n.t|could not) be found|invalid final delivery userid|address no longer exists|have no mailbox here/,
    ],
    sample: 'Invalid final delivery userid: user@example.com',
  },
];
