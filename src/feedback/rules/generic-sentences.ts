// This file holds sentences of servers that word things in their own way: who is meant, and what is said of it, in one phrase. They are asked right after those of generic-phrases.ts and, like
// them, before rules that go by single words. What is said of the sender comes first: "not a valid address" ends nobody when the sender's address is meant.
import { nearInPhrase, ofSubject, type ReplyRule } from './rule.ts';

/** An address, domain or command of ours, never our IP or server. */
const OURS =
  '(?<!or )\\b(?:envelope |mail )?sender(?:.s)?(?: e-?mail)?(?: address| domain)?\\b(?!.{0,3}(?:\\bip\\b|server|host|mta|reputation|score|rate|base)| \\[?\\d)|\\bfrom:? ?(?:address|domain)|' +
  'return[- ]path|\\bmail from\\b(?! \\[?\\d)(?: domain)?|\\byour (?:e-?mail |mail |sending |sender )?domain(?: name)?\\b|domain of (?:your |the )?sender';
const HOST =
  '\\b(?:your|the|this|sending|connecting|client|remote|source) (?:\\w{4,10} )?(?:ip|host|server|mail ?server|mta|network|system|address space)\\b|\\bips? (?:address )?\\[?\\d|\\bclient host\\b|' +
  '\\bhost \\[?\\d|(?<![\\d.])(?:\\d{1,3}\\.){3}\\d{1,3}\\b';
const MAIL = '\\b(?:message|mail|e-?mail|content)\\b';
const BOX =
  '\\b(?:mail ?box|inbox|mail ?folder|maildir|mail ?drop|account|user|recipient|addressee|customer|subscriber|mail ?store|storage)\\b(?<!sender account)(?<!your account)';

export const SENTENCE_RULES: readonly ReplyRule[] = [
  // ── we ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'our-address-refused',
    class: 'sender-rejected',
    words: [
      nearInPhrase(
        `^(?!.{0,400}(?:\\bspf|dkim|dmarc|reputation|authenticat|\\bips?\\b|(?<!black ?)list(?:ed|ing) (?:in|at|by)|\\brelay|polic(?:y|ies))).{0,200}?(?:${OURS})`,
        16,
        'not (?:a |an )?(?:valid|deliverable|routable|reachable|resolvable|found)\\b|undeliverable|has no (?:valid )?(?:mx|a|dns|address)\\b|\\binvalid\\b|(?:was|is|has been) (?:rejected|denied|refused|blocked|banned|black ?listed|listed)|(?:black ?listed|blocked|banned) by|' +
          '(?:cannot|could not|can.t|couldn.t) be (?:verified|validated|resolved|reached)|failed (?:callback|call-?out|sender|address) |on (?:our|a|the|my) (?:\\w{3,9} )?(?:black|block|deny)[- ]?list',
      ),
    ],
    code: /^(?!.* [45]\.1\.1\b)/,
    sample: '550 The From address is not a valid address',
  },
  {
    id: 'our-mail-not-welcome',
    class: 'sender-rejected',
    words: [
      /(?:mails?|messages?) from (?:addr|name\.example|your domain)>? (?:is|are) (?:(?:not|un)(?: ?welcome| wanted| accepted(?! (?:due|because)))|(?:blocked|refused|banned)(?!.{0,60}\b(?:spf|dkim|dmarc|policy)))/,
      /^\d{3} (?:\d\.\d\.\d{1,3} )?<?addr>?:? (?:has been|is|was) (?:blocked|black ?listed|banned) by (?:the |our )?(?:post ?master|site|server)/,
      /\bdomain in (?:the )?from\b.{0,12}(?:does not|doesn.t|not)|on (?:our|the|a) list of (?:unwanted|blocked|banned) senders|no (?:mail|messages) from (?:this|your|that) (?:domain|sender|address)/,
    ],
    sample: '550 5.7.1 Mail from club.example is not welcome here',
  },
  {
    id: 'our-host-named',
    class: 'ip-reputation',
    words: [
      nearInPhrase(
        HOST,
        30,
        'not permitted to (?:connect|send)|lists? of (?:known )?(?:spam|abus)|spam sources?|sends? (?:out )?(?:spam|junk)|source of (?:spam|unsolicited|abuse)|(?:is|was|has been) filtered\\b|suspected of|reported (?:for|as) (?:sending )?(?:spam|abuse)|' +
          '(?:does not|doesn.t) have (?:an? )?(?:valid )?(?:host ?name|reverse|ptr|rdns)|(?:in|from|like|of) an? (?:dynamic|residential|dial-?up)|\\bis an open (?:relay|proxy)',
      ),
      /\bspam (?:source|server|host)\b|\b(?:host ?name|rdns|ptr)\b.{0,12} (?:looks?|appears|is|seems) .{0,12}dynamic|(?:connections?|mails?) from your (?:provider|isp|hoster|network) (?:is|are) |suspicious (?:sending (?:behaviou?r|activity|patterns?)|(?:behaviou?r|activity|traffic) (?:from|of|by) (?:your|this))\b/,
    ],
    code: /^(?!.* [45]\.1\.1\b)/,
    sample: '554 192.0.2.4 sends spam',
  },
  {
    id: 'our-pace',
    class: 'rate-limited',
    words: [
      /(?:excess(?:ive)?|too much|heavy) (?:traffic|volume) |(?:traffic|mails?|messages?|connections?) from [^:;]{1,40}(?:is|are) (?:being )?(?:limited|throttled|slowed)|per[- ](?:domain|ip|host|sender|user|recipient|account) (?:limit|quota|rate)/,
      /rate (?:over-?run|control)|too many requests|too many (?:errors|failures) from your|(?:allow\w{2,4}|maximum|permitted) connection time|limit (?:is |was |has been )?exceeded for (?:this |the |your )?(?:sender|domain|ip|host)\b|limit (?:of|for) your (?:ip|host|server|domain|account)\b|\bover (?:the )?rate\b|too many (?:\w{4,14} )?deliver(?:ies|y attempts)|\bvolume (?:limit )?exceeded|delayed: rate\b|reduce (?:your|the) (?:\w{4,8} )?(?:rate|speed|volume)/,
    ],
    code: /^(?!.* [45]\.(?:1\.1|2\.2)\b)/,
    sample: '550 Excessive traffic from your host',
  },
  {
    id: 'we-are-new',
    class: 'greylist',
    words: [
      /(?:do not|don.t) know (?:you|this sender|your (?:server|host|ip)) yet|\b(?:new sender|first seen)\b.{0,30}(?:retry|again|later|wait)|(?:not yet|never) (?:known|seen)\b.{0,40}(?:retry|again|later|wait)/,
    ],
    code: /^4/,
    sample: '450 4.2.0 We do not know you yet, please try again later',
  },
  // ── our mail ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'mail-not-authenticated',
    class: 'auth-failure',
    words: [
      /(?:message|mail|content|\bsender|\bfrom\b)(?: \w{2,10}){0,2} (?:could not|cannot|can.t|couldn.t) be authenticated|(?:message|mail|content|sender)(?: has| have)? (?:failed|fails|did not pass|does not pass) (?:the |our |all |any )?(?:sender |e-?mail |mail |domain |message )?authentication\b|(?:message|mail) (?:is |was )?not signed|unauthori[sz]ed (?:sending )?(?:host|ip|server) .{0,20}\bspf\b|\bfrom\b.{0,8} fails? (?:the )?alignment|sender authentication failed/,
    ],
    code: /^(?!53)/,
    sample: '550 Your message could not be authenticated',
  },
  {
    id: 'mail-carries-malware',
    class: 'virus',
    words: [
      /(?:malware|virus|trojan|worm|ransomware|malicious \w{3,10}) (?:was |has been )?(?:detected|found|identified|discovered)|(?:detected|found|discovered) (?:an? )?(?:\w{2,12} )?(?:malware|virus|trojan|worm|ransomware)\b(?! or spam)|(?<!or )infected (?:attachment|file|message)|\bw(?:in)?(?:32|64)[./]\w{3}|\bcontains? (?:an? )?(?:\w{2,10} )?phishing|(?:blocked|rejected|refused) by (?:clam\w{0,4}|kaspersky|sophos|avast|eset|bitdefender|mcafee)\b/,
    ],
    sample: '554 5.7.1 Malware detected in attachment "invoice.zip", mail refused',
  },
  {
    id: 'mail-suspicious',
    class: 'spam-content',
    words: [
      /(?:contains?|has|includes?|with) (?:an? |the )?(?:links?|urls?|uris?) (?:\w{1,8} ){0,3}(?:listed|blocked|black ?listed|banned|suspicious|bad)|suspicious content|flagged as (?:bulk|spam|junk)|unwanted content|content (?:is )?not acceptable|unacceptable content|\b(?:body|text|content) .{0,40}\b(?:black|block)-?listed|\b(?:phrase|link|url)s? (?:is |are )?blocked|\bblocked (?:link|url|phrase|word)s?\b|because of its content|\b(?:urls?|links?|uris?) in (?:this|your|the) (?:e-?mail|message|mail|body)\b.{0,60}\b(?:listed|blocked|banned)/,
      nearInPhrase(MAIL, 20, '\\badvertis\\w{2,6}$'),
    ],
    sample: '550 This message contains a link to a listed domain',
  },
  {
    id: 'mail-lacks-form',
    class: 'content',
    words: [
      /line length (?:is |was |limit )?(?:exceeded|too)|\bmissing (?:date|from|to|message-id)\b|rfc violation|syntax error in .{0,12}header|\bnul (?:bytes?|characters?|in)\b|(?:has no|^\d{3} (?:\d\.\d\.\d{1,3} )?no|missing|empty|without(?: an?)?) subject\b(?! to)|subject (?:line |header )?(?:is |was )?(?:missing|empty|required|mandatory)|date (?:header |field )?(?:is |lies )?in the future|header (?:field )?syntax/,
    ],
    code: /^5(?!0)/,
    sample: '554 5.7.1 Subject is missing',
  },
  {
    id: 'mail-too-large-bare',
    class: 'message-too-large',
    words: [/^\d{3} (?:\d\.\d\.\d{1,3} )?too (?:large|big)\b/],
    sample: '550 Too large',
  },
  // ── the session ───────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'session-not-encrypted',
    class: 'tls',
    words: [
      /(?:requires?|demands?|wants?) encryption|no (?:common|shared|matching|suitable) cipher|(?:plain|clear)[- ]?text (?:connections?|sessions?|transport)|\bdane (?:valid|verif|fail|poli)|\bmta-?sts\b|unencrypted (?:connections?|sessions?|transport)|\bhandshake (?:fail|error)/,
    ],
    sample: '450 Plaintext connections are not accepted',
  },
  {
    id: 'way-broken',
    class: 'network',
    words: [
      /\bno connection\b(?! (?:from|allowed))|name resolution (?:of \S{1,60} )?failed|(?:server|host|mx|peer) (?:is |does )?not respond|reset by peer|broken pipe|\bsocket error/,
    ],
    code: /^(?!5)/,
    sample: '451 Remote server not responding',
  },
  {
    id: 'server-out-of-room',
    class: 'system',
    words: [
      /\b(?:server|system|spool|queue|disk|host) (?:has|have|is|ran) (?:no|out of|insufficient) (?:more |free )?(?:disk |storage )?space/,
    ],
    sample: '452 Server has no space for your message now',
  },
  {
    id: 'time-ran-out',
    class: 'expired',
    words: [
      /timed? ?out in (?:the )?queue|\b(?:delayed|waited|queued) (?:for )?too long|(?:attempts?|retry|retries) (?:limit|count) (?:reached|exceeded)|\bretries (?:were |have been )?(?:exceeded|used up)/,
    ],
    sample: '554 Retries exceeded',
  },
  {
    id: 'place-closed',
    class: 'policy',
    words: [
      /\blist is (?:closed|moderated|private)|permission denied for (?:this|the) (?:address|recipient|list|group)|(?:mail|messages?) from (?:outside|external) (?:\S{2,14} ){0,4}(?:is |are )?(?:not|n.t) (?:be )?(?:permitted|allowed|accepted|delivered)/,
    ],
    code: /^5/,
    sample: '554 List is closed',
  },
  {
    id: 'domain-gave-up-mail',
    class: 'domain-not-accepting',
    words: [
      /mail (?:service )?(?:has been |was |is )?(?:discontinued|ended|terminated) for (?:this|the) domain|\bdomain is parked\b|no mail (?:is )?accepted for name\.example/,
    ],
    code: /^5/,
    sample: '554 Mail service discontinued for this domain',
  },
  {
    id: 'domain-not-theirs',
    class: 'relay-denied',
    words: [
      /(?:do|does)(?: not|n.t) serve (?:the |this |that )?domain|\bnot (?:the|an?) (?:mail ?server|mail server|mx|mail host|mail exchanger) (?:of|for)\b|(?:do|does|will|can)(?: ?not|n.t) (?:handle|host|process|serve|deliver|take|accept) (?:any )?(?:mail|e-?mail|messages) (?:for|to) name\.example|(?<!mail )(?<!sender )domain (?:name\.example )?(?:is )?not (?:a )?(?:local|hosted|served|handled|ours)\b|(?:authentication|log-?in) (?:is )?required (?:for|to) relay|(?:not|n.t) (?:configured|set up) to (?:accept|receive|handle|process|deliver) (?:mail|e-?mail|messages) for|not responsible for (?:mail for )?(?:this|that|the|your) domain|(?:mail|e-?mail|messages) (?:for|to) name\.example (?:is|are) not (?:accepted|handled|served)/,
    ],
    code: /^(?!.* [45]\.1\.[12]\b)/,
    sample: '554 We do not handle mail for firm.example',
  },
  // ── the recipient ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'person-turned-down',
    class: 'recipient-filtered',
    words: [
      /(?:refused|rejected|declined|blocked|denied) by (?:the |its |their )?(?:mail ?box |account |address )?(?:owner|holder|user|recipient|addressee)\b(?! ?(?:name )?(?:domain|server|system|unknown|lookup|organi|company|network)|.s (?:server|system|domain|mail ?server|organi|company|provider|isp|filter|network))|\brules? (?:that |which )?(?:the |this )?(?:recipient|user|owner|addressee)\b(?! ?(?:domain|server|organi))|\bsieve (?:script|filter|rule)|addr>? (?:does not|doesn.t) (?:want|wish|like) |(?:user|recipient|addressee|owner) doesn.t accept (?:e-?mail|mail|messages) from|\b(?:recipient|personal) filter\b|\b(?:recipient(?:.s)?|personal) (?:deny|block|black)[- ]?list|(?:requested|asked|chosen) not to (?:get|receive)|chosen to block|by (?:the )?(?:user|recipient).s (?:reject|block|black|deny) ?list|(?:recipient|user|addressee) refuses to /,
    ],
    code: /^(?!.* [45]\.1\.1\b)/,
    sample: '550 Message refused by the mailbox owner',
  },
  {
    id: 'box-overfull',
    class: 'mailbox-full',
    words: [
      ofSubject(
        BOX,
        34,
        'over-?(?:full|filled|flow)|(?:is|too) too (?:big|large|full)|(?:cannot|can.t|could not) (?:hold|store|take|receive|accept) (?:any )?(?:more|further|additional)\\b|over (?:its|the|his|her|their) (?:\\w{3,10} )?(?:storage|space|quota)|no (?:more |free )?room',
      ),
      /(?:exceeds?|more than|larger than) (?:the )?(?:available|remaining|free) (?:mail ?box )?(?:storage|space|room)|too much mail (?:stored|kept|held)/,
    ],
    code: /^(?!.* [45]\.3\.4)/,
    sample: '550 The mailbox is overfull',
  },
  {
    // Another sender's list: it knows the address from its own mail.
    id: 'box-on-suppression-list',
    class: 'inactive-mailbox',
    words: [/(?:on|in) (?:the |our |a |your )?suppression[- ]list/],
    suppress: false,
    sample: '550 5.7.1 [internal] Recipient on suppression list',
  },
  {
    id: 'box-unused',
    class: 'inactive-mailbox',
    words: [
      /^(?!.{0,400}(?:connection|session|command|time[d ]?out)).{0,300}?(?:due to|because of|for|by|after) (?:\w{2,12} ){0,2}inactivity|(?:mail ?box|account|address|user|recipient)>? (?:\S{1,60} )?(?:is |has been |was )?(?:parked|retired|shelved|pending deletion)\b|(?:subscription|contract|log-?in) (?:has )?(?:expired|disabled|ended) for (?:this|the) (?:mail ?box|account|user)/,
    ],
    sample: '554 This e-mail address is blocked due to inactivity',
  },
  {
    id: 'person-gone',
    class: 'invalid-recipient',
    words: [
      nearInPhrase(
        '\\b(?:employee|person|colleague|user ?name|alias)',
        16,
        'no longer exist|(?:was|has been|were) (?:removed|deleted)|do(?:es)? ?n[o.]t exist|never (?:existed|created)|(?:was|is) never|(?:cannot|can.t|could not) be (?:located|found)',
      ),
      /\bnobody (?:here )?by (?:that|this) name|(?:not|n.t) resolve to (?:an? )?(?:mail ?box|user|account)|\bnot a (?:local|valid|known) user\b/,
    ],
    code: /^(?!.* [45]\.7\.)/,
    sample: '550 This employee no longer exists',
  },
];
