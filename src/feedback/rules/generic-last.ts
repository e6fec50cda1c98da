// This file holds the widest rules: of whom the answer speaks, and whether it likes them. They are asked after every other word and after the codes that mean one thing, so that an
// answer in unusual words still gets its fault right; none of them ends or holds an address unless it names the recipient and says unknown.
import type { ReplyRule } from './rule.ts';
import { near } from './rule.ts';

const REFUSED =
  'reject|refus|den(?:y|ied|ies)\\b|block|\\bbann?(?:ed)?\\b|black|not (?:allow|accept|permit|welcome|authori[sz]|trust|owned)|disallow|forbid|prohibit|' +
  'no access|unaccept|unauthori|hang ?up|suspect|suspicious|abus|\\bbad\\b|invalid|\\bfake\\b|forged|spoof|unvalidated|unverified|unresolv|must resolve|' +
  '(?:check|verif\\w{2,9}) (?:error|fail)|fail\\w{0,3} (?:\\w{2,12} )?(?:check|verif)|(?:cannot|can.t|could not|not) be verified|not verified|(?:may|must) not use|mismatch|does not match|does ?n.t match|wrong|illegal|unknown';
const SENDER =
  '\\bsender|\\bmail ?from\\b|\\bfrom (?:address|domain)\\b|\\bfrom:|return[- ]path|envelope[- ]?from|reverse[- ]path|originator|this (?:domain|user)\\b|\\bmail address\\b';
const HOST =
  '\\bip\\b|\\bips\\b|\\bhost\\b|\\bclient\\b|\\bhelo|\\behlo|connections?\\b|\\bpeer\\b|\\bserver\\b|\\bnetwork\\b|\\bmta\\b|\\brbl\\b|\\bproxy\\b|\\bnetblock|\\bsubnet';
const RECIPIENT =
  '\\busers?\\b|user ?name|\\brecipient|\\brcpt(?: ?to)?\\b|mail ?box|addressee|destination|\\baccounts?\\b|\\balias|local ?part|\\binbox|\\baddr\\b|e-?mail address|forward path';
const UNKNOWN =
  'unknown|not (?:be )?(?:found|exist\\w{0,3}|known|recogni[sz]ed|valid|registered|listed|local|here|a valid|correct|defined|hosted|resolved)|non-?exist|' +
  'do(?:es)?n.t exists?|do(?:es)? not exists?|never existed|no longer exist|no such|invalid|undefined|incorrect|deleted|has been removed|obsolete|not (?:a |an )?(?:user|mail ?box|account|member|recipient)\\b|' +
  'verif\\w{2,9} (?:failed|problem|error)|can.?t find|cannot find|could not find';

export const LAST_RULES: readonly ReplyRule[] = [
  {
    id: 'last-authentication',
    class: 'auth-failure',
    words: [/\b(?:spf|dkim|dmarc|arc)\b/],
    sample: "550 5.7.1 The sender's domain publishes -all in SPF and you are not in it",
  },
  {
    id: 'last-size',
    class: 'message-too-large',
    words: [
      near(
        '\\bmessage|\\bmail|attachment|content|\\bdata\\b|\\bletter|\\bfile\\b|\\bbody\\b|\\bsize',
        26,
        'too (?:large|big|long)|(?:max|size|limit).{0,12}(?:exceed|reach|threshold)|oversize|exceed',
      ),
      /exceed\w{0,4} .{0,20}(?:mail ?size|message ?size|\bsize|length)|length of (?:the )?data|mail ?size|message length/,
    ],
    sample: '557 The length of DATA content is achieved the maximum threshold',
  },
  {
    id: 'last-pace',
    class: 'rate-limited',
    words: [
      /(?:send|sending|sent|outgoing|outbound|submission|daily|hourly|monthly) (?:\w{2,12} )?(?:quota|limit|rate|volume)/,
      /(?:number|amount|count|volume|quantity) of .{0,14}(?:rcpts?|recipients|messages|mails|e-?mails|connections|commands|sessions)/,
      /(?:rcpt|recipients?|messages?|connections?|sessions?) (?:numbers?|limit|count|rate|frequency|quota)|out of .{0,10}rcpt|too much (?:rcpt|recipient|mail|fail)/,
      /\bfrequen|\bbursts?\b|concurren|simultaneous|back ?off|too (?:fast|quick|often|soon)|per (?:second|minute|hour|day)\b|exceed\w{0,4} .{0,30}(?:limit|rate|maximum|threshold)/,
    ],
    sample: '451 out of allow RCPT numbers.',
  },
  {
    id: 'last-content',
    class: 'spam-content',
    words: [
      near(
        'content|subject|keywords?|\\bwords?\\b|\\bbody\\b|\\btext\\b',
        20,
        'reject|refus|den(?:y|ied)|block|filter|bad\\b|forbid|banned',
      ),
      near('reject|refus|den(?:y|ied)|block', 16, 'content|keyword|\\bwords?\\b'),
      /anti-?spam|anti-?abuse|message (?:looks|appears)|advertis/,
    ],
    sample: '554 Content reject',
  },
  {
    id: 'last-macro',
    class: 'policy',
    words: [
      /\bmacros?\b|password[- ]protected|encrypted (?:file|archive|attachment|zip)|\bexecutable|\bscripts?\b|file ?types?\b|\bextensions?\b/,
    ],
    sample: '552 MS-Office file containing VBA macros found inside of the email',
  },
  {
    id: 'last-list-closed',
    class: 'policy',
    words: [
      /(?:private|closed|moderated|internal) (?:mailing )?(?:list|group|mail ?box)|only (?:registered|local|internal|authenticated|authori[sz]ed|members)|local users? only|members only|members? of (?:the|this) (?:list|group)/,
    ],
    sample: '550 only registered users may use this system',
  },
  {
    id: 'last-relay',
    class: 'relay-denied',
    words: [
      /relay|not allowed to this address|(?:cannot|can.t|will not|do not|don.t) (?:deliver|accept|handle|host) (?:mail )?(?:for|to) (?:this|that|your|the|addr|<addr)|not (?:a )?(?:local|hosted) (?:domain|address)|domain (?:is |was )?(?:not|n.t) (?:hosted|served|handled|configured|accepted|here)/,
    ],
    sample: '553 host denies relay.',
  },
  {
    id: 'last-sender',
    class: 'sender-rejected',
    words: [
      near(SENDER, 30, REFUSED),
      near(REFUSED, 18, SENDER),
      /(?:null|empty|blank) (?:envelope )?sender|from:? ?domain|spoof|impersonat/,
    ],
    sample: '550 Sorry, no access for this domain',
  },
  {
    id: 'last-dns',
    class: 'network',
    words: [
      /\bdns\b|\bresolv|name server|nameserver|look ?up (?:fail|error)|unreachable|no route|time[d ]*out|connection (?:error|fail|broken|abort)|\bloop|\bhops?\b/,
    ],
    sample: '423 Dns resolve error',
  },
  {
    id: 'last-unknown',
    class: 'invalid-recipient',
    code: /^(?!4|.* 4\.)/,
    words: [
      near(RECIPIENT, 26, UNKNOWN),
      near(`${UNKNOWN}|unavailable`, 18, RECIPIENT),
      /address (?:syntax|format)|not (?:an? )?(?:user|member|customer|subscriber) (?:of|at|on|here)|not in (?:the |our |any )?(?:recipients?|users?|valid) (?:list|table|map)/,
    ],
    suppress: false,
    sample: "550 local server don't exists that user",
  },
  {
    id: 'last-host',
    class: 'ip-reputation',
    words: [
      near(HOST, 30, REFUSED),
      near(REFUSED, 18, HOST),
      /dictionary attack|harvest|\bspammers?\b|\babuse\b|reputation|\bzombie|botnet|compromised|hijack|infected host/,
    ],
    sample: '550 Dictionary attack detected',
  },
  {
    // The form of a greeting (RFC 5321 §4.2), with a refusal for its code: filters that know the address of the client say no more than their own name.
    id: 'last-name-only',
    class: 'ip-reputation',
    code: /^554 $/,
    words: [/^554 name\.example$/],
    sample: '554 mx-in-3.example.net',
  },
  {
    id: 'last-recipient-refused',
    class: 'recipient-filtered',
    words: [
      near(
        '\\buser\\b|\\brecipient(?! address rejected:)|\\brcpt\\b|addressee|mail ?box',
        20,
        'reject|refus|declin|does(?:n.t| not) (?:want|accept)|not accept|hang ?up',
      ),
    ],
    suppress: false,
    sample: '550 The user refuses this',
  },
  {
    id: 'last-login',
    class: 'policy',
    words: [/\bauth(?:entication)?\b|\blog-?in\b|unauthenticated|password|credential|permission|privilege|not entitled/],
    sample: '451 auth error.',
  },
  {
    id: 'last-protocol',
    class: 'protocol',
    words: [/\bcommands?\b|\bsyntax|sequence|\bline (?:too|length)|\bverb\b|parse error|\bprotocol\b|amounts? of data|please say/],
    sample: '500 sequence error',
  },
  {
    id: 'last-refused',
    class: 'policy',
    code: /^5/,
    words: [
      /bounces? (?:are|is)|\bonly accept|(?:message|\bmail) (?:\S{1,40} )?(?:was |is |has been )?(?:refused|rejected|denied|declined|blocked)|(?:refused|rejected|denied|declined|blocked) (?:this |your |the )?(?:message|mail|e-?mail)|not (?:be )?(?:accepted|delivered)/,
    ],
    sample: '554 Message refused',
  },
  {
    id: 'last-trouble',
    class: 'system',
    code: /^4/,
    words: [
      /\berror\b|\bfail(?:ed|ure)?\b|problem|unable|could not|couldn.t|can.?t\b|cannot|unavailable|\bbusy\b|\bqueue|\bmemory\b|data ?base|\bdisk\b|overload|resources?\b|later\b|licen[cs]e|expired/,
    ],
    sample: '450 queue unavailable.',
  },
];
