// This file holds the generic rules about us: our pace, our IP, our authentication, our envelope sender. They come before the rules about the
// recipient, because such answers often quote the recipient's address and words like "rejected" or "mailbox unavailable".
import { near, type ReplyRule } from './rule.ts';

const OUR_HOST =
  'your (?:ip|host|server|mail ?server|mta|network|system)|client(?: host)?|\\bhost|\\bip(?: address)?|' +
  'connections?|smtp (?:session|connection)';

export const GENERIC_SENDER_RULES: readonly ReplyRule[] = [
  // ── asked to come back ────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'greylisted',
    class: 'greylist',
    words: [/gr[ea]y-? ?list|postgrey|greypass|sqlgrey/],
    sample:
      '450 4.2.0 <member@club.example>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/example.com.html',
  },
  {
    id: 'greylist-retry-words',
    class: 'greylist',
    code: /^4/,
    words: [
      /policy rejection- please try later|not yet authorized to deliver|temporary envelope failure/,
      /first (?:time|attempt|contact).{0,40}(?:try|retry|come|again)|\(first contact\)|come (?:back|again) in\b|\btriplet\b|you are new here|you must wait .{0,20}(?:seconds|minutes)/,
      /(?:retry|try again) in \d+ ?(?:s|secs?|seconds?|mins?|minutes?)\b/,
    ],
    sample: '450 4.7.1 <member@club.example>: Recipient address rejected: Policy Rejection- Please try later.',
  },
  // ── pace, before reputation: "too many connections from your IP" is a matter of pace ──────────────────────────────────────
  {
    id: 'too-many-recipients',
    class: 'rate-limited',
    words: [/too many (?:recipients|rcpts?)\b(?! (?:unknown|invalid))|recipients? limit (?:exceeded|reached)/],
    sample: '452 4.5.3 Too many recipients',
  },
  {
    id: 'too-many-connections',
    class: 'rate-limited',
    words: [
      /too (?:many|much) (?:(?:concurrent|simultaneous|smtp|open|incoming|inbound|parallel|active) ){0,2}(?:connections|sessions)/,
      near('connections?|sessions?', 12, '(?:rate|limit|count|number|frequency).{0,20}(?:exceed|reach|limit)'),
      /(?:maximum|max) (?:number of )?(?:concurrent |simultaneous )?(?:server )?connections|connection (?:frequency|rate) limit/,
    ],
    sample: '421 4.7.0 mx.example.com Error: too many connections from 192.0.2.1',
  },
  {
    id: 'too-many-messages',
    class: 'rate-limited',
    words: [
      /(?<!(?:user|recipient|mailbox|account|inbox|customer) has )too many (?:messages|mails|e-?mails|sends)(?! in (?:the |this |your |his )?(?:mail ?box|inbox))|sent too (?:many|much)|(?<!has )too much (?:e-?mail|mail)(?! data| on)|(?:e-?mails?|messages?|connections?) in (?:a )?short|too (?:fast|quickly|frequent)|slow(?:ing)? down|throttl/,
      /(?:message|send|sending|delivery|sender|hourly|daily|weekly|monthly|submission) (?:submission |message |e-?mail |mail )?(?:rate|limits?|quota).{0,40}(?:exceed|reached|too high)|(?:enough|out of) sending (?:quota|credits?)/,
      /(?:batch|concurrency|session|command) limit (?:is |was |has been )?(?:reached|exceeded)|(?:queue|organi[sz]ation|tenant) quota|rate[- ]?limit|ratelimit|excessive (?:rate|volume|number of)|over quota for sender|too much mail from|mail flood|(?:smtp|connection) limit\b|exceeded (?:the |your )?(?:messaging|sending|mail|message) limit|exceeded (?:the |its |their )?(?:maximum )?number of (?:messages|mails|connections|recipients)/,
      /max(?:imum)? (?:messages?|mails?|e-?mails?) (?:per|in)|messages they can receive/,
      /(?:exceed(?:s|ed)?|reached|over) (?:(?:the|its|their|your) )?(?:hourly|daily|weekly|monthly|per[- ]minute) (?:\w{2,10} )?(?:limit|quota|rate|plan|allowance)/,
      near('exceed(?:ed|s)?|limit of', 30, 'per (?:hour|minute|day|connection|session|second)|messages per|e-?mails per'),
    ],
    code: /^(?!\d* ?[45]\.(?:1\.1|2\.2))/,
    sample: '421 4.7.0 Rate limit exceeded, too many messages from your host; slow down',
  },
  {
    id: 'deferred-for-load',
    class: 'rate-limited',
    words: [
      /(?:temporarily|temporary) (?:deferred|blocked|throttled|suspended) due to (?:high|excess|too many|load|volume)/,
      /high (?:volume|load)\b/,
    ],
    sample: '450 4.3.2 Deferred: high load, come back later',
  },
  // ── the mail itself, where the words "blacklisted" and "blocked" mean a link or a sender in it ────────────────────────────
  {
    id: 'link-listed',
    class: 'spam-content',
    names: true,
    words: [
      /(?:black|block)?listed (?:url|link|uri|domain) (?:in|found)|(?:url|link|uri)s? .{0,30}(?:black|block)list/,
      /(?:contains|with|includes) (?:\w{1,20} ){0,3}(?:blocked|banned|bad|(?:black|block)listed) (?:url|uri|link)|(?:listed|found|blocked) .{0,40}\b(?:in|inside) (?:the |your )?(?:message )?(?:body|content|text)\b|\b(?:url|link|uri)s?\b.{0,90}(?:surbl|uribl|\bdbl\b)/,
    ],
    sample: '550 REJECTED - Blacklisted URL in message. (example.com) in [black]. See http://lookup.uribl.com.',
  },
  {
    id: 'message-blocked-as-spam',
    class: 'spam-content',
    words: [
      /(?:message|mail|e-?mail|content) .{0,24}(?:blocked|rejected) .{0,24}spam content|(?:blocked|rejected|refused) by (?:our |the |a |its )?(?:content(?! polic| rule)|spam|anti-?spam|junk|bayes)\b|rejected as junk|(?:blocked|rejected|refused|denied)\b[^.]{0,30}(?:[:(]| -) ?spam\b|due to spam[- ](?:content|like|characteristics|score|features)|blocked because (?:it|the message) contains spam|by (?:our |the )?spam filter|(?:message|mail|e-?mail) (?:\w{2,8} )?contains? (?:\w{2,8} )?spam\b|(?:by|in) (?:spamassassin|dcc|rspamd)\b|looks? like (?:a )?spam/,
    ],
    sample: '554 5.7.1 [P4] Message blocked due to spam content in the message.',
  },
  {
    id: 'message-blocked-by-virus-filter',
    class: 'virus',
    words: [/virus (?:filter|scanner|check)|by (?:our |the )?anti-?virus/],
    sample: '550 Sorry, your message has been blocked by our virus filter',
  },
  {
    id: 'sender-listed',
    class: 'sender-rejected',
    words: [
      /(?:sending to\/from an address|sender(?!(?:.s)? (?:reputation|ip|host|server|mta|\[?\d))(?:.s)?(?: e-?mail)?(?: address| domain)?|from address|envelope sender|(?:the|this|your) domain [\w.-]{3,80}) .{0,24}(?:is|been|on|addr>?|>) .{0,12}(?:blacklist|black[- ]listed|blocklist|block list|deny ?list|banned|blocked\.?$)/,
      /sender address (?!\[?\d)[^\]]{1,80}\]? (?:is )?blocked using/,
      /\byour (?:e-?mail |mail )?domain (?:has been|is|was) (?:blocked|banned|black[- ]?listed)/,
      /(?:mail|messages?) from (?!\[?\d)(?:addr|[\w-]{2,60}(?:\.[\w-]{2,60}){0,4}\.[a-z]{2,24}) (?:is|are|was|were|has been|have been) (?:blocked|black ?listed|banned|refused|rejected)(?!.{0,60}\b(?:spf|dkim|dmarc)\b)/,
    ],
    sample: 'Sorry, you are sending to/from an address that has been blacklisted',
  },
  // ── authentication of the mail: before lists, as Gmail and others close with "the message has been blocked" ────────────────
  {
    id: 'duplicate-header',
    class: 'content',
    words: [/duplicate(?:d)? headers?|headers? .{0,30}more than once|multiple .{0,30}headers?\b/],
    sample: "554 Transaction failed: Duplicate header 'DKIM-Signature'.",
  },
  {
    id: 'spf-dkim-dmarc',
    class: 'auth-failure',
    names: true,
    words: [
      near(
        '\\b(?:spf|dkim|dmarc|sender[- ]?id)\\b',
        60,
        'fail|reject|does not|did not|not (?:pass|allow|auth|valid|pub|perm|align)|permerror|temperror|' +
          'unauthor|den(?:y|ied)|invalid|missing|violat|softfail|required|bad\\b|forge|temp(?:orary)? ?error|perm(?:anent)? ?error|look ?up',
      ),
      near(
        '(?:could not|cannot|unable to) verify|fail|invalid|reject|prohibit|violat|not (?:permitted|allowed|authori[sz]ed|designated)|due to|not pass|does not|do not|doesn.t|no valid|missing|required|\\bbad|spoof|forge',
        50,
        '\\b(?:spf|dkim|dmarc)\\b',
      ),
      /openspf\.|arc validation|(?:published )?(?:spf|dmarc|dkim) (?:policy|record|check)|sender policy framework|domainkeys/,
      /unauthenticated (?:mail|e-?mail|message) |e-?mail (?:sender )?authentication (?:fail|require)|messages? failed authentication/,
      /required authentication level/,
    ],
    sample: '550 5.7.23 <user@example.com>: Recipient address rejected: Message rejected due to: SPF fail - not authorized',
  },
  // ── lists and reputation of the sending IP ────────────────────────────────────────────────────────────────────────────────
  {
    id: 'blocklist-named',
    class: 'ip-reputation',
    names: true,
    words: [
      /spamhaus|\bsorbs\b|spamcop|uribl\.com|uceprotect|dnsbl|(?<![a-z])rbls?(?![a-z])|hostkarma|junkemailfilter|invaluement|spamrl\.com|backscatterer/,
      /senderbase|senderscore|sender ?score|talosintelligence|trustedsource|njabl|\bpsbl\b|mailspike|abuseat|manitu\.net/,
      /gbudb|blocklist\.de/,
      /bl\.score|mxrate|surriel|mailabuse|barracudacentral|abusix|lashback|0spam|nixspam|surbl|spameatingmonkey/,
      /kundenserver\.de\/.{0,20}rbl/,
    ],
    sample: '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org',
  },
  {
    id: 'blocklist',
    class: 'ip-reputation',
    words: [
      /(?:black|block|deny|bad|reject)[- ]?list|(?<!not )\blisted (?:at|in|by|on) |\bblocked (?:using|by(?! (?:the |this )?(?:recipient|user\b|addressee|customer))(?! .{0,24}\b(?:rules?|polic(?:y|ies)))|at|for|from|due)\b|\bbanned(?! (?:content|file|word|attach))/,
      /(?:\bip(?: address)?|your (?:host|server)) (?:is|has been|was) (?:temporarily |currently )?(?:listed|on (?:a|our|the) list)\b/,
      /(?:\bis|\bbeen|\bwas|\bare) (?:temporarily |permanently |currently )?(?:blocked|blacklisted)\b|\bip (?:is )?blocked|\bip(?: address)?[^.]{0,24} (?:is|has been) listed\b/,
    ],
    sample: '550 5.7.1 Your IP address 192.0.2.1 is blacklisted',
  },
  {
    id: 'reputation',
    class: 'ip-reputation',
    words: [
      near('poor|bad|low|negative|questionable|untrusted|dangerous', 16, 'reputation'),
      near('reputation', 20, 'poor|bad|low|filter|is too'),
      /due to .{0,24}reputation|reputation-based|\bbad ip\b/,
    ],
    sample: '550 The reputation of your server is too low',
  },
  {
    id: 'reverse-dns',
    class: 'ip-reputation',
    words: [
      /reverse (?:dns|host ?name|lookup|ip|map)|\bptr\b|\brdns\b|fcrdns|cannot find your (?:reverse )?host ?name|ip name lookup failed/,
      /(?:generic|dynamic|missing|invalid|no|without) (?:reverse|rdns|hostname)|may not be mail exchanger|unresolvable (?:ip|host)/,
      /ip name possibly forged|host ?name (?:verification|lookup) failed|unverif[yi]able sending ips?/,
      /(?:your|client|sending) (?:host|ip|server).{0,30}does not resolve/,
    ],
    sample: '450 4.7.1 Client host rejected: cannot find your reverse hostname, [198.51.100.7]',
  },
  {
    id: 'dynamic-ip',
    class: 'ip-reputation',
    words: [
      /dynamic (?:ip|address|pool|host)|dial-?up|residential|end[- ]user (?:ip|address)|geoip|country .{0,20}(?:block|reject|not allowed)/,
    ],
    sample: '550 5.7.1 Mail from dynamic IP addresses is not accepted here',
  },
  {
    id: 'helo-refused',
    class: 'ip-reputation',
    words: [
      near(
        '\\b(?:helo|ehlo)\\b',
        50,
        'required|must (?:be|have|match)|is (?:an? )?(?:ip|wrong|unknown)|does not (?:match|resolve|exist)|syntax|reject|invalid|mismatch|not (?:accept|allow|(?:a )?valid|resolv|fq)|denied|blocked|bogus|fake|forged',
      ),
      /(?:invalid|bad|fake|forged|bogus) (?:helo|ehlo)|(?:cannot|can.t|must not) use .{0,40}(?:helo|ehlo)/,
    ],
    sample: '550 5.7.1 Helo command rejected: Host not found',
  },
  {
    id: 'client-refused',
    class: 'ip-reputation',
    words: [
      near(
        OUR_HOST,
        50,
        'not allowed(?! to relay)|not accepted|access denied|(?<!connection )refused by|rejected|has been (?:rejected|blocked)',
      ),
      /not accepting (?:connections|mail from|e-?mail from)|we do(?:n.t| not) accept (?:mail|e-?mail|messages) from|refused to talk to me|refus(?:e|ing) (?:to accept )?(?:mail|e-?mail|messages) from (?:your|this) (?:ip|server|host|network|mail ?server)/,
      /you are not (?:allowed to (?:connect|send(?! (?:(?:e-?mails?|mail|messages?|any\w{0,5}) )?to\b))|welcome)|you are sending spam|your access to .{0,60}(?:rejected|denied)/,
      /refus(?:ed|ing|es) (?:to accept )?(?:your )?connections?(?! by)|host ?name (?:does not|must) resolve|sender ip must resolve/,
      /suspicious (?:ip|host|server|mail ?server|connection)|\] from (?:rfc ?2606|unknown tld)/,
      /(?:reject|refuse|block|deny|not accept)\w{0,3} (?:mail|e-?mail|messages|connections) from \[?\d{1,3}\.\d/,
      /because of (?:past |previous )?abuse|^(?!.{0,200}(?:exist|unknown|no such)).{0,200}go away\b|error: mail refused/,
      near('mail from', 40, '(?:\\d{1,3}\\.){3}\\d{1,3}.{0,30}(?:refused|rejected|not allowed|denied)'),
      /refused (?:mail|connection) from|ip address .{0,40}(?:denied|refused)/,
      /too many (?:invalid|bad|unknown) (?:recipients|users|addresses)/,
      /attempt(?:ing|ed) to (?:send|mail) too many/,
    ],
    sample: '554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied',
  },
];
