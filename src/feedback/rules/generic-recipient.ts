// This file holds the generic rules about the envelope and the recipient: quota, closed mailboxes, filters, relaying, unknown users.
import { near, nearInPhrase, type ReplyRule } from './rule.ts';

const MAILBOX = 'mail ?box|inbox|account|user|recipient|mail ?store|folder|maildir|subscriber|addressee|addr\\b';
const PERSON =
  'adressee|user|account|recipient|mail ?box|addressee|alias|local ?part|inbox|customer|subscriber|person|member|employee|receiver|destination';
const UNKNOWN =
  'unknown|' +
  '(?:not|was ?n.t|could ?n.t) (?:be )?(?:found|exist|known|valid|recogni[sz]ed|registered|listed|here|available|a valid)|' +
  'does(?:n.t| not) (?:exist|have (?:an?|any) (?:\\S{1,40} )?(?:account|mail ?box|address))|' +
  'do not exist|no such|invalid|(?<!temporarily )unavailable(?!.{0,60}(?:failure sending|again later))|non-?existent|undeliverable|(?:cannot|can.t|could not) be found|isn.t (?:valid|known|listed)';
const CLOSED =
  'disabled|inactive|suspended|deactivated|\\bclosed|frozen|\\blocked|terminated|expired|on hold|not active|discontinued|cancell?ed|archived|' +
  'no longer (?:active|in use|valid|accept\\w+|available)|expiration|retired|not enabled|turned off|is not currently (?:permitted|accepting|active|available)';

export const GENERIC_RECIPIENT_RULES: readonly ReplyRule[] = [
  // ── mailbox full ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'mailbox-said-full',
    class: 'mailbox-full',
    words: [/(?:mail ?box|inbox|mail ?folder) (?:is |has been |already )?(?:full|over ?(?:its )?quota)\b/],
    sample: "The recipient's mailbox is full (disk space limit)",
  },
  {
    id: 'disk-full-of-system',
    class: 'system',
    code: /^(?!.* \d\.2\.2)/,
    words: [
      /insufficient (?:system )?(?:storage|disk|resources)|mail system full|no space left(?!.{0,20}(?:mail ?box|inbox|account))|out of (?:memory|disk)|not enough (?:disk )?space(?!.{0,20}(?:mail ?box|user|account))/,
      near('\\bdisk|file ?system|partition|spool|device', 20, 'full|space'),
    ],
    sample: '452 4.3.1 Insufficient system storage',
  },
  {
    // Another delivery, or somebody who reads: of the moment.
    id: 'mailbox-in-use',
    class: 'system',
    code: /^(?!5)/,
    words: [
      /(?:mail ?box|maildir|mail ?drop|spool file) (?:is )?(?:temporarily |currently )?(?:locked|busy|in use)\b.{0,20}\b(?:by|process|session|pop3?|imap)\b/,
    ],
    sample: '451 4.2.0 Mailbox temporarily locked by another process',
  },
  {
    id: 'mailbox-full',
    class: 'mailbox-full',
    words: [
      near(
        MAILBOX,
        40,
        '\\bfull\\b|over ?quota|quota|stuffed|(?<!time ?out |hops? |count |headers? |message |mail )exceed(?!\\w{0,3} (?:\\d{1,4} hops|.{0,12}(?:mail ?size|message size|header)))|out of (?:storage|space)|too (?:full|large)',
      ),
      /over ?quota|quota .{0,24}(?:exceed|full|reached|violat|limit)|(?:full|stuffed) (?:mail ?box|inbox)|(?<!sending |message |mail |user )quota error|quota$|disk quota/,
      near('exceed', 30, 'quota|storage|mail ?box|mail space|local limit'),
      /(?:out of|no|insufficient|not enough) (?:mail ?box |mail |storage )?space|mail ?box.{0,24}(?:size|limit)/,
      /message would exceed|no room/,
      /at (?:its |full )?capacity|domain (?:size|quota|storage|disk) (?:limit|quota)|storage (?:limit|full)|has no space|has too much mail|has too many messages on|exhausted .{0,20}storage|too much mail data/,
    ],
    sample: '552 5.2.2 <user@example.com>: Disk quota exceeded',
  },
  // ── mailbox closed ────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'mailbox-inactive',
    class: 'inactive-mailbox',
    words: [
      nearInPhrase(`${MAILBOX}|address|e-?mail`, 60, CLOSED),
      /\b(?:disabled|inactive|suspended|deactivated|closed|frozen|locked|expired|cancell?ed) (?:e-?mail )?(?:user|account|mail ?box|recipient|address|subscriber|alias)/,
      near('user|mail ?box|recipient|account', 24, 'not (?:receiving|accepting) (?:any |new )?(?:mail|messages|e-?mails?)(?! from)'),
      /not (?:receiving|accepting) (?:mail|messages|e-?mails?) for (?:this|the) (?:user|mail ?box|recipient|account)/,
      /not been (?:activated|confirmed)|extended inactivity|unused for|dormant|blocked by admin/,
    ],
    sample: '550 5.2.1 <user@example.com>: Mailbox disabled, not accepting messages',
  },
  // ── refused by the recipient's own filter ─────────────────────────────────────────────────────────────────────────────────
  {
    id: 'recipient-filter',
    class: 'recipient-filtered',
    words: [
      /(?:blocked|reject(?:ed)?|refused|declined|filtered) (?:by|due to) (?:the )?(?:recipient(?! domain)|user\b|addressee|customer|this user|rule)/,
      /message filtered|recipient.{0,20}(?:preferences|settings|whitelist|allow ?list)/,
      /sender (?:is )?not (?:on|in) .{0,20}(?:white|allow|contact)/,
      /(?:recipient|user|addressee) (?:definitive?ly )?(?:does(?:n.t| not)|did(?:n.t| not)) (?:want|wish) (?:your|this|to receive)|does not accept (?:mail|messages?|e-?mail) from (?:you|this|your)|only (?:accepts?|receives?) (?:mail|messages|e-?mail) from|challenge.?response/,
      near('\\buser', 20, '(?:blocked|rejected) (?:your|this|the) (?:address|mail|message)'),
    ],
    sample: '550 5.7.1 This recipient only accepts mail from people it knows',
  },
  {
    id: 'local-delivery-program',
    class: 'system',
    names: true,
    words: [
      /\b(?:procmail|maildrop|mail\.local|deliver|vpopmail): .{0,40}(?:couldn.t|can.t|cannot|unable|error|fail)/,
      /couldn.t create|can.t create/,
    ],
    sample: `5.2.0 procmail: Couldn't create "/var/spool/mail/user" id: No such user`,
  },
  {
    // The MTA's own words about its own users, not a remote reply.
    id: 'unknown-user-local',
    class: 'invalid-recipient',
    names: true,
    words: [/^(?:.{0,30}mail\.local: )?unknown user:/],
    sample: 'Unknown user: user@example.com',
  },
  {
    // Carriers answer 5.2.0 with these words for mail that their customers filter: the mailbox is there.
    id: 'unknown-user-by-filter-code',
    class: 'recipient-filtered',
    code: / [45]\.2\.0$/,
    words: [/user unknown|unknown user|no such (?:user|recipient|mailbox)/],
    sample: '550 5.2.0 <user@example.com>... User Unknown',
  },
  {
    id: 'unknown-user-by-mailbox-code',
    class: 'invalid-recipient',
    code: / [45]\.2\.1$/,
    words: [/user unknown|unknown user|no such (?:user|recipient|mailbox)/],
    suppress: false,
    sample: '550 5.2.1 <user@example.com>... User Unknown',
  },
  {
    id: 'unknown-user-by-policy',
    class: 'recipient-filtered',
    code: / [45]\.7\.\d/,
    words: [/user unknown|unknown user|no such (?:user|recipient|mailbox)/],
    suppress: false,
    sample: '550 5.7.1 <user@example.com>: Recipient address rejected: User unknown',
  },
  {
    // Nothing but these words: nothing speaks against them. The class is theirs; an answer that may as well be a filter's holds nothing by itself.
    id: 'unknown-user-bare',
    class: 'invalid-recipient',
    code: /^55\d (?:5\.[05]\.\d)?$/,
    words: [
      /^55\d (?:5\.[05]\.\d )?(?:sorry,? |error:? )?(?:the )?(?:user unknown|unknown user|user not (?:exist|found)|no such (?:user|recipient|mailbox))(?:: <?addr>?| \(addr\))?(?: \((?!addr)[a-z][\w .-]{1,30}\))?[.!]{0,3}$/,
    ],
    suppress: false,
    sample: '550 User unknown',
  },
  {
    // Without 5.1.x and without RCPT TO (the classifier knows the stage) this may as well be a filter after DATA; the next answer will say more.
    id: 'unknown-user-vague',
    class: 'recipient-filtered',
    code: /^(?!.* [45]\.(?:1\.\d|2\.1))/,
    words: [
      /user unknown|unknown user(?! account)|(?<=\.\.\. )no such (?:recipient|mailbox)|no such user(?! (?:here|on|at|in|with|by)\b)|\buser not (?:exist|found)/,
    ],
    suppress: false,
    sample: '550 unknown user <user@example.com>',
  },
  // ── the domain ────────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'domain-takes-no-mail',
    class: 'domain-not-accepting',
    words: [
      /null ?mx|nomail\b|no mail (?:is )?accepted (?:here|at)|smtp service is not (?:available|offered)|no mx record found|no smtp service here/,
      /(?:never|do not|don.t) accepts? (?:any )?(?:mail|e-?mail) for this domain/,
      near('\\bhost|domain|server|system', 6, '(?:does not|doesn.t|will not|never) accepts? (?:any )?(?:mail|e-?mail|smtp)'),
      // Old Postfix, of an MX that is ".".
      /malformed or unexpected name server reply/,
    ],
    sample: '556 5.1.10 Recipient address has a null MX',
  },
  {
    id: 'domain-look-up-failed',
    class: 'network',
    words: [
      near('name service error|host not found|name server|dns lookup', 80, 'try again|server failure|time(?:d )?out|servfail'),
      // Google, with a temporary status even for NXDOMAIN.
      /dns error: \d+ dns type/,
    ],
    code: /^(?:4|\D|$|\d* 4)/,
    sample: '4.4.3 Name service error for domain example.com: Host not found, try again',
  },
  // ── sender refused: uses the words of "unknown user" about our address ────────────────────────────────────────────────────
  {
    id: 'sender-refused',
    class: 'sender-rejected',
    code: /^(?!.* [45]\.1\.1\b)/,
    words: [
      near(
        '\\bsender(?:.s)?(?: address| domain| host)?|\\bfrom:|from (?:address|domain|header)|return[- ]path|' +
          'envelope from|mail from|reverse-path|originator',
        30,
        'reject|refus|denied|not (?:exist|found|allowed|accepted|verified|valid|permitted|resolv)|invalid|' +
          'unknown|unverified|blocked|does ?n.t exist|does not exist|does not have|no mx|not owned|has no mail ?box|rfc ?2606|unknown tld',
      ),
      /domain of sender|your domain (?:does not|doesn.t|is not)/,
      /(?:invalid|bad|unknown|unverified|illegal|unrout\w+|rejected|refused) (?:sender|mail from|from (?:address|domain)|return path)/,
      /(?:could ?n.t|could not|cannot|can.t|unable to) verify (?:the )?(?:domain of (?:the )?)?sender|verification failed for|sender (?:verif|callout)|callout(?!.{0,40}\brecipient)|verify the sender|requires? (?:an? )?valid sender|verify your sender/,
      /sender address must|for sender address|domain name required|sender has no|for sender domain|badmailfrom|envelope sender domain/,
      /not a registered gateway user|not owned by user|send as|null sender/,
      /empty envelope sender|<> (?:is )?not allowed/,
    ],
    sample: '550 5.1.8 <news@example.org>: Sender address rejected: Domain not found',
  },
  // ── the mailbox does not exist ────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'user-moved',
    class: 'invalid-recipient',
    words: [
      near('user|recipient|mailbox|mailbox owner|address|owner|addr', 24, '(?:has |have )?(?:moved|changed)\\b'),
      /no longer (?:on|at|with) (?:this |the )?(?:server|here|company|us)|recipient no longer|not local; (?:please )?try|user not local/,
      /please (?:forward|update your address)|no longer (?:works|employed|an employee)|left the (?:company|organi[sz]ation)/,
      /not our customer/,
    ],
    sample: '551 5.1.6 User not local; mailbox has moved',
  },
  {
    id: 'unrouteable-by-us',
    class: 'bad-domain',
    code: /^ /,
    words: [/unrouteable address/],
    sample: 'Unrouteable address',
  },
  {
    id: 'user-unknown-here',
    class: 'invalid-recipient',
    words: [
      /(?<!\.\.\. )no such (?:recipient|mail ?box|account|address)\b|no such user (?:here|at|in|on|with|by)\b|user unknown in|unknown or illegal alias/,
      /not listed in|unknown local[ -]?part|not (?:present )?in (?:the |our )?(?:directory|address (?:book|list)|user ?list)|no longer has (?:an? )?(?:account|mail ?box)|validrcptto|not on file/,
      /(?:cannot|can.t|could not|couldn.t|unable to|failed to) (?:find|locate) (?:your |the |this |that |any |a |local )*(?:recipient|user|mail ?box|account)/,
      /(?<!domain of )(?:user|recipient|account|mailbox|address) (?:name )?(?:does not exist|doesn.t exist|not found)|no mail ?box (?:here )?by that name/,
      /addr (?:does not exist|not found|unknown|is unknown|is not valid)/,
    ],
    code: /^(?!.* [45]\.7\.)/,
    sample: '550 5.1.1 <member@club.example>: Recipient address rejected: User unknown in local recipient table',
  },
  {
    // With a mailbox code it is no remark on the order of commands.
    id: 'no-valid-recipients',
    class: 'invalid-recipient',
    code: / 5\.1\./,
    words: [/no valid recipients/],
    sample: '554 Sorry, no valid recipients (#5.1.3)',
  },
  {
    id: 'domain-unknown',
    class: 'bad-domain',
    code: /^(?:5|\D|$)(?!.* 5\.(?:1\.[78]|7\.))/,
    words: [
      /\bhost unknown|unknown (?:mail )?(?:host|domain)|no (?:usable|valid|working) mx|no such (?:host|domain)|nxdomain|\bhost not found/,
      /(?:mail )?system (?:was not|could not be) found|domain (?:name )?(?:not found|is not (?:reachable|valid)|is invalid|of (?:the )?recipient does not exist)/,
      near('(?:\\bhost\\b|domain)(?: ?name)?', 24, 'not found|does not exist|doesn.t exist|non-?existent|unknown|not registered'),
      /(?:bad|invalid|illegal|nonexistent|unroutable|unrouteable) (?:mail )?(?:destination |recipient |remote )?(?:domain|host|system address)/,
      near('(?:could not|couldn.t|unable to|cannot|can.t) (?:find|resolve|locate|look ?up)', 24, 'domain|\\bhost|\\bmx\\b'),
      /no (?:valid |dns )?(?:mx|a)(?: or (?:mx|a))? (?:record|host)|domain .{0,24}(?:no mx|invalid|expired|suspended)/,
      /(?<![\w.-])[\w-]{1,63}\.[\w.-]{1,190} does not exist(?:$|['"\])])/,
    ],
    sample: '550 5.1.2 <user@nowhere.example>... Host unknown (Name server: nowhere.example: host not found)',
  },
  {
    // RFC 5321 gives these words to a missing mailbox, to one without access and to policy alike.
    id: 'mailbox-unavailable-vague',
    class: 'invalid-recipient',
    code: /^(?!4|.* [45]\.[12]\.1)/,
    words: [
      /(?:^\d{3}|action not taken)[ :-]+(?:[45]\.\d\.\d )?mail ?box (?:is )?(?:unavailable|not available)(?!.{0,60}(?:failure sending|again later))/,
    ],
    suppress: false,
    sample: '550 Requested action not taken: mailbox unavailable',
  },
  {
    id: 'user-unknown',
    class: 'invalid-recipient',
    words: [
      nearInPhrase(`(?:${PERSON})(?: name| address| e-?mail)?`, 40, UNKNOWN),
      /(?:unknown|no such|invalid|bad|non-?existent|illegal|undefined|unrout\w+|unrecogni[sz]ed|wrong|incorrect|not (?:a )?(?:known|valid)|not our|no) (?:local |e?-?mail |valid |such )?(?:user|account|recipient|mail ?box|address|addressee|alias|local[- ]?part|customer|subscriber|person|usr|rcpt|destination)\b/,
      /no one (?:here )?by that name|does not exist (?:here|on)|addr (?:isn.t|rejected|invalid)/,
      /(?:not|n.t) (?:have|found) (?:an? )?(?:such )?(?:account|user|mailbox)/,
      /recipient (?:address )?rejected\.?$/,
      /address (?:is )?(?:unknown|rejected\.?$|not found|does not exist|invalid|not known|incorrect|not valid)|addr recipient rejected/,
      /recipient (?:cannot|can.t|could not) be verified|e-?mail address (?:could not|cannot) be found|user doesn.t (?:exist|have)|no account(?! (?:manager|limit))|there is no one|mailbox (?:name )?not (?:found|allowed|available)/,
    ],
    sample: '550 5.1.1 <user@example.com>... User unknown',
  },
  {
    // Advice, not a verdict.
    id: 'user-unknown-perhaps',
    class: 'invalid-recipient',
    words: [/e-?mail address is (?:possibly )?incorrect|check (?:if |whether )?(?:the |your )?(?:recipient(?:'s)? |e-?mail )?address/],
    suppress: false,
    sample: 'Unable to deliver message to <user@example.com>. Please check if address is correct.',
  },
  {
    id: 'recipient-refused',
    class: 'invalid-recipient',
    code: / 5\.1\.[16]/,
    words: [/recipient (?:address )?rejected|address rejected|recipient refused|\brejected/],
    sample: '550 5.1.1 Address rejected user@example.com',
  },
];
