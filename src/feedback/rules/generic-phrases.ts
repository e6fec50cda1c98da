// This file holds sentences with a subject and what is said of it, both in one phrase: "this account has no room left". They are asked before rules that go by single words, since a
// sentence that names its subject knows better than a word that any subject may have.
import { nearInPhrase, ofSubject, type ReplyRule } from './rule.ts';

/** A mailbox or who owns it, and never one of ours ("your account", "sender mailbox"). */
const BOX =
  '\\b(?:the |this |that |your |specified |requested |destination |recipient.s |user.s |customer.s |e-?mail )*(?<!sender )(?<!sender.s )(?<!your )(?:mail ?box|inbox|mail ?folder|maildir|mail ?drop|account|user|recipient|addressee|customer|subscriber|mail ?store)\\b(?! (?:database|quota service|lookup|unknown|domain|host|server))';
const SENDER =
  '(?<!or )\\b(?:envelope |mail )?sender(?:.s)?(?: e-?mail)?(?: address| domain)?\\b(?!.{0,3}(?:\\bip\\b|server|host|mta|reputation|score|rate|base)| \\[?\\d)|\\bfrom:? ?(?:address|domain|<?addr>?:?)|originator|return[- ]path|domain of (?:your |the )?sender';
const HOST =
  '\\b(?:your|the|this|sending|connecting|client|remote|source) (?:\\w{4,10} )?(?:ip|host|server|mail ?server|mta|network|system|address space)\\b(?! (?:error|fail))|\\bips? (?:address )?\\[?\\d|\\bclient host\\b|\\bip address\\b|^\\d{3} (?:\\d\\.\\d\\.\\d{1,3} )?your ip\\b';
const DOMAIN = 'name\\.example (?:is|has)|\\b(?:domain|host|server|system|site|machine)(?: (?:name\\.example|[\\w-]+(?:\\.[\\w-]+)+))?';

export const PHRASE_RULES: readonly ReplyRule[] = [
  {
    // Whatever is done because of it, the reputation is the reason.
    id: 'because-of-reputation',
    class: 'ip-reputation',
    words: [
      /(?:due to|because of) (?:\S{1,20} ){0,5}reputation|(?:poor|bad|low|negative|no|neutral|unknown) (?:\S{2,10} ){0,2}reputation|reputation (?:is |was |of \S{2,20} is )?(?:too |not )?(?:insufficient|low|bad|poor|good enough|below|unknown)/,
    ],
    code: /^(?!.* [45]\.1\.1\b)/,
    sample: '421 4.7.0 Throttled due to poor sender reputation',
  },
  {
    id: 'relay-attempt',
    class: 'relay-denied',
    words: [
      /relay(?:ing)? (?:access )?attempt|\brelay(?:ing)? to .{0,24}(?:is )?(?:blocked|not possible|impossible)|relay(?:ing)? (?:is )?(?:disabled|switched off|closed)\b|(?<!sender )(?<!sender.s )domain (?:is |was )?(?:not|n.t) (?:hosted|served|handled)\b|(?:do|does|will|can)(?: not|n.t) accept (?:e-?mail|mail|messages) for (?:that|your|other|foreign|such|remote|external) (?:domain|host)/,
    ],
    code: /^(?!.* [45]\.1\.[12]\b)/,
    sample: '550 Relay attempt blocked',
  },
  // ── pace, before rooms: "the sending quota of this account is used up" ────────────────────────────────────────────────────────
  {
    id: 'pace-used-up',
    class: 'rate-limited',
    words: [
      /^\d{3} (?:\d\.\d\.\d{1,3} )?too many (?:(?:concurrent|simultaneous|open|smtp|incoming) )?connections from your\b/,
      /(?:sending|outgoing|outbound|submission) (?:quota|limit|allowance)[^:;]{0,40}(?:used up|exhausted|exceeded|reached)/,
      /(?:exceed\w{0,3}|reached|used up|over) (?:its |the |your |their |his |our )?(?:\w{3,9} )?(?:sending|outgoing|outbound|submission|delivery|relay) (?:quota|limits?|allowance|volume|rate)/,
      /(?:overload\w*|flood\w*|swamped|overwhelmed) (?:by|with|from) (?:your|this|the sender)|(?:your|this) (?:server|host|ip|domain|network) (?:is )?(?:flooding|overload)/,
      /only \d{1,5} (?:messages|mails|recipients|connections)|(?:messages|mails|recipients|connections|rcpts) per (?:connection|session|second|minute|hour|day|transaction)|quota (?:of|for) (?:messages|mails|sending)|unusual sending|(?:quota|limit|allowance) (?:for|of) (?:this|the|one|an?) (?:hour|day|minute)\b|number of (?:recipients|rcpts) (?:\w{2,6} )?exceed/,
      /\b(?:hourly|daily|weekly|monthly) (?:\w{2,9} ){0,3}(?:quota|limit|allowance)\b/,
      /(?:\bquota|\blimit|maximum)[^:;]{0,30}(?:per (?:second|minute|hour|day)|hourly|daily)\b/,
    ],
    sample: '421 4.7.0 Your server exceeded its sending quota',
  },
  // ── the mailbox ───────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'box-has-no-room',
    class: 'mailbox-full',
    words: [
      ofSubject(
        BOX,
        44,
        'has too many (?:messages|mails|e-?mails)|(?:has|have|with|is|got|there is) (?:\\w{2,9} )?(?:no|insufficient|not enough|too little|out of) (?:more |free |further |available |disk |mail |storage )*(?:room|space|storage)|' +
          '(?:storage|space|quota|room|capacity)(?: \\w{2,9}){0,2} (?:used up|exhausted|exceeded|reached|full|depleted)|used (?:all|up)\\b|(?:at|reached|over) 1\\d\\d ?%|' +
          'exceed\\w{0,3} (?:its |the |their |his |allotted |allowed |maximum )*(?:mail ?box |storage |disk )?(?:size|space|quota|storage|capacity)\\b|reached (?:its |the )?(?:maximum )?(?:size|capacity|number of messages|message count)|over (?:its |the )?size',
      ),
    ],
    code: /^(?!.* [45]\.3\.4)/,
    sample: '550 5.2.2 This mailbox has no more room',
  },
  {
    id: 'box-out-of-use',
    class: 'inactive-mailbox',
    words: [
      ofSubject(
        BOX,
        30,
        '(?:shut|switched|turned|taken) (?:down|off|out)|(?:not|n.t) (?:been )?used (?:for|since|in)\\b|(?:blocked|locked|closed|suspended|disabled) (?:for|due to|because of|by|after) (?:its |the |long |user |an? )*(?:inactivity|non-?use|owner|administrator|unpaid|non-?payment|disuse)|asleep|\\bdormant|hibernat|abandoned|decommission',
      ),
    ],
    sample: '550 The mailbox has been shut down',
  },
  {
    id: 'box-not-here',
    class: 'invalid-recipient',
    words: [
      ofSubject(
        `${BOX}|(?<!sender |sender.s |from |return |reply |sending |source |envelope |\\bip )\\b(?:e-?mail |recipient |destination )?address\\b(?! addr)|\\balias\\b|local ?part`,
        24,
        'never (?:existed|created)|(?:was|is) never|(?:cannot|can.t|could not|couldn.t) be (?:located|identified)|no longer exist|(?:has|have|had) been (?:deleted|removed|erased|withdrawn)|(?:was|is|were) (?:deleted|removed|withdrawn)|not (?:one of (?:ours|our|my)|(?:hosted |known |served )?(?:on|at|by|to|in|with) (?:this|our|my|us)\\b|hosted\\b|ours|served|assigned|provisioned|deliverable)|does not live|is undeliverable|unheard|do(?:es)? not belong',
      ),
      /(?<!sender |sender.s |from |return |reply |sending |source |envelope |\bip )\baddress(?: (?:you )?\w{5,9})? (?:is|was) (?:not (?:found|recogni[sz]ed)|non-?existent)\b/,
      /\b(?:we|i|server|system) (?:do(?:es)?n.t|do(?:es)? not|did not) know (?:this|that|the|such an?|any) (?:local |e-?mail )?(?:user|recipient|mail ?box|account|address|person|addressee|alias|<?addr)/,
      /(?:does not|doesn.t|no longer|not) works? (?:here|at|for)\b/,
      /(?:cannot|can.t|could not|couldn.t|unable to|failed to) (?:find|locate|identify|recogni[sz]e) (?:that|this|the|your|any such|such an?) (?:\w{2,12} )?(?:user|recipient|mail ?box|account|address|person|addressee)\b/,
    ],
    code: /^(?!.* [45]\.7\.)/,
    sample: '550 The recipient is not one of ours',
  },
  {
    id: 'attachment-kind',
    class: 'policy',
    words: [
      /(?:encrypted|password[- ]protected|executable) (?:attach\w{3,6}|archive|zip|file|document)(?!.{0,40}(?:virus|trojan|malware))/,
    ],
    sample: '554 Transaction failed: encrypted attachment',
  },
  // ── the recipient's own wish ──────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'person-wants-none',
    class: 'recipient-filtered',
    words: [
      /(?:recipient|user|addressee|customer|subscriber|(?:mail ?box )?owner|person|member) (?:has |have )?(?:blocked|blacklisted|refused|rejected|declined|banned) (?:you\b|your|the sender|this sender|messages?|mail|e-?mail)/,
      /(?:recipient|user|addressee|customer|subscriber|owner|person|member) (?:do(?:es)?n.t|do(?:es)? not|did not) (?:want|wish|like|care)(?: to (?:get|receive|accept|have))?/,
      /(?:recipient|addressee|customer|subscriber|owner|person|user) (?:do(?:es)? not|doesn.t|will not|won.t) (?:accept|take|receive|get) (?:any )?(?:mail|messages?|e-?mails?) from (?:unknown|unverified|unapproved|new|strangers|people|anybody|anyone)/,
      /(?:user|recipient|addressee|customer|owner) has (?:set|put) (?:up )?an? (?:\w{2,9} )?(?:filter|rule|block)\b/,
      /(?:user|recipient|addressee|customer|owner).s (?:own |personal |private |mail )*(?:sieve|filters?|rules?|scripts?|settings|preferences)\b/,
      /(?:recipient|addressee|customer|subscriber|owner|person|user) (?:refuses|declines|rejects|blocks) (?:your |the |this |all )?(?:mail|messages?|e-?mails?)\b/,
    ],
    code: /^(?!.* [45]\.1\.1\b)/,
    sample: '550 The customer does not wish to receive your mail',
  },
  // ── the sender's address ──────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'from-refused',
    class: 'sender-rejected',
    words: [
      nearInPhrase(
        SENDER,
        14,
        '(?:is|was|has been|are) (?:blocked|banned|black ?listed|deny ?listed|block ?listed|barred|on (?:our|the|a|my) (?:\\w{3,8} )?(?:black|block|deny)[- ]?list)|(?:cannot|can.t|could not|does not|doesn.t|not) (?:be )?resolv',
      ),
      /\b(?:forged|spoofed|faked?|bogus|unresolvable|undeliverable) (?:envelope |mail )?(?:senders?\b|from\b|return path)(?!.{0,60}\b(?:spf|dkim|dmarc)\b)|sender (?:address |domain )?(?:black|block|deny)[- ]?listed/,
      /(?:sender|from|envelope) (?:address |domain )?(?:is )?(?:unresolvable|undeliverable)|unresolvable (?:\S{2,10} ){0,2}(?:sender|from)\b/,
    ],
    code: /^(?!.* [45]\.1\.1\b)/,
    sample: '550 MAIL FROM <news@club.example> is on our blacklist',
  },
  // ── our host ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'host-mistrusted',
    class: 'ip-reputation',
    words: [
      nearInPhrase(
        HOST,
        44,
        'not welcome|spam ?traps?|(?:known|history|reported|listed|blocked|black ?listed|seen|suspected|caught|used)(?: \\w{2,5})? (?:for|of|as|to) (?:an? )?(?:send\\w{0,3} |source of )?(?:spam|abuse)|sends? (?:too much )?(?:spam|junk)|\\bdynamic|(?:un|not |dis)trust(?:ed|worthy)|not allowed to (?:connect|send|talk)|spammer|denied access|deny ?list|because of complaints|suspended|\\babuse',
      ),
      /\bspam(?:ming|my) (?:host|server|ip|network|source)|\bknown spam(?:mers?| source)|\bspam (?:reports|complaints) (?:about|for|against|on)\b|\blisted (?:hosts?|ips?|servers?|senders? ips?)\b/,
      /(?:not|n.t|no|never) (?:take|accept|allow|want|receive)?\w{0,2} ?(?:any )?(?:mail|e-?mail|messages|connections) from [^:;]{0,30}\b(?:ranges?|networks?|hosts|servers|ip space|address space|pools?|isps?|countries|hosting)\b/,
      /(?:mail|messages|connections?) from [^:;]{0,60}\b(?:ranges?|networks?|hosts?|servers?|space|pools?|isps?|countr\w{1,3}|names)\b[^:;]{0,20} (?:is|are) (?:refused|rejected|denied|blocked|not (?:accepted|welcome|allowed))/,
      /(?<!too much )(?:spam|junk|abuse|attack\w{0,2}|viruses) (?:was |were |has been |have been )?(?:seen |received |reported |detected |coming |originating |sent )?(?:from|by) (?:your|this) (?:ip|host|server|network|mail ?server|address|range)/,
    ],
    code: /^(?!.* [45]\.1\.1\b)/,
    sample: '550 Your IP sent mail to spam traps',
  },
  // ── the domain ────────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'domain-without-mail',
    class: 'domain-not-accepting',
    words: [
      nearInPhrase(
        `${DOMAIN}|\\bwe|\\bit`,
        12,
        '(?:no longer|never|do(?:es)?n.t|do(?:es)? not|will not|cannot|can.t) (?:accepts?|takes?|receives?|process) (?:any |incoming |inbound |e-?mails? |mails? |more )*(?:e-?mails?|mails?|messages|smtp)\\b(?! (?:for (?!this domain|name\\.example|[\\w-]+\\.)|from|with|without|to|by|of|sent|that|larger|at this|right|now|until|due|because|via|through|on))|' +
          '(?:accepts?|takes?|receives?) no (?:incoming |inbound |more )?(?:e-?mail|mail|messages)\\b(?! (?:from|for|with|of))|is not (?:used|set up|configured|meant|intended) (?:for|to receive) (?:e-?mail|mail|receiving)|(?:has|have|publishes) (?:an? )?null ?mx',
      ),
      /(?:mail|messages|e-?mail) (?:is|are) (?:not|never|no longer) accepted (?:for|at) (?:this|the) (?:domain|host)\b/,
      /(?:no longer|never|not) accept(?:s|ing)? (?:any )?(?:e-?mail|mail|messages) for (?:this|the|that) domain/,
    ],
    code: /^(?!4|.* [45]\.1\.1\b)/,
    sample: '550 This domain no longer accepts mail',
  },
  {
    id: 'domain-not-in-dns',
    class: 'bad-domain',
    words: [
      nearInPhrase(
        '(?:recipient|destination|target|rcpt)(?:.s)?(?: e-?mail)? (?:domain|host)|domain (?:name )?of (?:the |your )?recipient',
        30,
        'not (?:be )?(?:found|resolv\\w{0,3}|exist|known|valid|registered)|invalid|unknown|non-?exist|no (?:mx|dns|a) ',
      ),
    ],
    code: /^(?!4)/,
    sample: "550 5.1.2 The recipient's domain could not be found in DNS",
  },
  // ── the mail and the session ──────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'mail-unsigned',
    class: 'auth-failure',
    words: [
      /(?:message|mail|e-?mail) (?:\w{2,10} ){0,3}(?:is|was|were) (?:not|un)(?: (?:properly|fully|correctly))? ?authenticated\b|(?:invalid|bad|broken|wrong) dkim|(?:without|lack(?:s|ing)?|missing|no)(?: an?| any)?(?: valid| passing)? (?:spf|dkim|dmarc)\b/,
    ],
    code: /^(?!53)/,
    sample: '550 5.7.1 Your message is not authenticated',
  },
  {
    id: 'mail-malformed',
    class: 'content',
    words: [
      nearInPhrase(
        '(?:message|mail|body|header|subject|text)\\w{0,3}',
        30,
        'has (?:two|several|many|multiple|more than one) (?:addresses|values)|' +
          'bare (?:line ?feeds?|carriage|cr\\b|lf\\b|newlines?)|\\bnul (?:char|byte)|(?:illegal|invalid|forbidden|unencoded|raw|control|8-?bit|non-?ascii|unprintable) (?:characters?|bytes?|octets?)|lines? (?:that (?:are|is) )?(?:too long|longer|over \\d)',
      ),
      /lines? (?:that (?:are|is) |is |are )?(?:too long|longer than \d)(?= (?:for|in)\b)|(?:message|mail|body) .{0,16}lines? .{0,12}too long/,
    ],
    code: /^(?!50[0-3])/,
    sample: '550 Your message contains bare line feeds',
  },
  {
    id: 'command-too-long',
    class: 'protocol',
    words: [/^50[0-3] (?:[45]\.5\.\d )(?:error: |command )?line (?:is )?too long/],
    sample: '500 5.5.2 Line too long',
  },
  {
    id: 'encryption-wanted',
    class: 'tls',
    words: [
      /(?:encryption|encrypted (?:connection|session|transport|channel)|secure (?:connection|channel|transport)) (?:\w{2,9} )?(?:must|needed|mandatory|required|necessary|only)|(?:must|only|require[sd]?) (?:\w{2,9} ){0,3}(?:encrypted (?:connection|session|transport|channel)|secure (?:connection|channel|transport))/,
    ],
    sample: '550 Encryption is mandatory for this recipient',
  },
  {
    id: 'time-used-up',
    class: 'expired',
    words: [
      /(?:message|mail|e-?mail|delivery) (?:has )?(?:timed? out|expired|exceeded).{0,20}(?:after \d|(?:time|period|lifetime|age) (?:in|on|allowed)|(?:in|on) (?:the )?queue)|(?:timed? out|given up|gave up|giving up) after (?:\d{1,3}|several|many) (?:hours?|days?|attempts|tries)|(?:maximum|max|allowed) (?:time|age|lifetime)\b.{0,12}(?:queue|exceeded)/,
      /^(?:\d{3} )?(?:\d\.\d\.\d )?(?:the )?(?:mail|e-?mail) (?:has )?expired\b|(?:attempted|tried|retried|trying|queued|waiting) (?:\w{2,9} )?for (?:\w{3,6}|\d{1,4}) (?:days|hours)\b/,
    ],
    sample: 'Message timed out after 72 hours',
  },
  {
    id: 'because-of-policy',
    class: 'policy',
    words: [
      /^(?!.{0,400}(?:\bspf|dkim|dmarc|spam|reputation|virus|grey|\bsender|\b(?:ip|host|client|connection)\b|listed|list\b)).{0,200}(?:due to|because of|per|against) (?:[\w'-]{1,14} ){0,3}polic(?:y|ies)\b/,
    ],
    code: /^5/,
    sample: '550 5.7.1 Message blocked due to company security policy',
  },
  {
    id: 'scanner-silent',
    class: 'system',
    words: [
      /(?:contact|reach|connect to) (?:the |our )?(?:\w{2,9} )?(?:scanner|filter|milter|policy (?:server|service)|ldap|database|anti-?virus)\b/,
      /(?:milter|scanner|content filter|filter daemon|clamd|spamd|amavisd?|policy (?:server|daemon|service)|ldap|database|directory|backend|back-end|mail ?store|lmtp)(?: \w{3,10})?(?: is| are| was| has)? (?:time[d]? ?out|unavailable|unreachable|not (?:reachable|available|responding|answering|ready|running)|is down|failed|failure|error)/,
    ],
    code: /^(?:4| 4)/,
    sample: '451 Milter timeout',
  },
];
