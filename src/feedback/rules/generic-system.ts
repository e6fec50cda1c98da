// This file holds the generic rules about the way there, site policy, the protocol and the receiving system: the last words before the codes decide.
import { near, type ReplyRule } from './rule.ts';

export const GENERIC_SYSTEM_RULES: readonly ReplyRule[] = [
  {
    id: 'expired',
    class: 'expired',
    words: [
      /\btoo old$|message too old|cannot send message (?:within|for)|attempts? (?:were )?exhausted|in (?:the )?queue for (?:longer|more) than|retried for \d+ (?:hour|day)|deliver\w{0,3} .{0,30}after \d{1,3} (?:days?|hours?)\b|still undelivered|too (?:long|old) in (?:the )?queue|(?:in|on) the queue too long|message expired|retry time not reached/,
      /retry timeout exceeded|delivery timeout/,
      near('delivery|retry|message|queue', 10, '(?:time ?(?:out|d out)?|lifetime) .{0,20}(?:expired|exceeded)'),
      /(?:not|n.t) (?:be )?deliver(?:ed)? (?:for|within|in) (?:the last )?(?:more than )?\d|failing for a long time/,
      /delivery failed \d+ attempts|aborted after \d/,
      /undeliverable for|delivery (?:attempts )?expired|undeliverable (?:to addr )?after \d|retries exhausted|giving up after \d+ (?:day|hour)|within the (?:allowed|configured) time|delayed for (?:more|over|too)|has stopped trying|queue\.expired/,
      /(?:unable|failed) to deliver (?:it |your message )?(?:within|for|in) (?:the last )?\d/,
    ],
    sample: '550 4.4.7 Message expired: delivery time was exceeded',
  },
  {
    id: 'loop',
    class: 'network',
    words: [
      /too many hops|mail (?:forwarding )?loop|loops? back to (?:myself|me)|hop count exceeded|routing loop/,
      /loop(?:ing)? detect(?:ed|ion)|looping message|too many received|received:?'? .{0,16}headers? exceed/,
      /mail for .{0,60}loops/,
    ],
    sample: '554 5.4.6 Too many hops',
  },
  {
    id: 'network',
    class: 'network',
    words: [
      /connection (?:timed out|refused|reset|closed|lost|was (?:closed|dropped)|dropped|failed|died)|lost connection/,
      /bad connection|network error|servfail|(?:failed|attempts?) .{0,16}to connect/,
      near('\\bnetwork|\\bhost|route', 8, '(?:is )?(?:unreachable|not reachable|unavailable|down)\\b'),
      /no route|\btime(?:d)? ?out\b|(?:could not|unable to|cannot|can.t) connect|no answer from|did not accept our requests to connect/,
      /dns (?:error|fail|lookup|server|servfail|query|resolution|problem|temporary)|closed (?:the )?connection|name ?server|name service error/,
      /(?:host|domain) (?:name )?lookup/,
      near('temporar(?:y|ily)', 20, 'lookup|resolution|resolve|\\bdns\\b'),
      /destination mxs?\b/,
    ],
    sample: '451 4.4.1 Connection timed out with mx.example.com',
  },
  {
    id: 'protocol',
    class: 'protocol',
    words: [
      /syntax error|bad sequence|command (?:not |un)(?:recogni[sz]ed|implemented|known|found|allowed)|unrecogni[sz]ed command/,
      /unknown command/,
      /not implemented|out of sequence|need (?:rcpt|mail|helo|ehlo)|(?:send|say) (?:hello|helo|ehlo)|pipelin/,
      /synchroni[sz]ation|nested mail/,
      /parameters? (?:not|unrecogni|error|in|unsupp)|invalid (?:argument|command)|unimplemented|smtputf8|no valid recipients/,
    ],
    sample: '503 5.5.1 Bad sequence of commands',
  },
  {
    id: 'message-form',
    class: 'content',
    code: /^(?!.* 5\.7\.9)/,
    words: [
      /headers? (?:fail|syntax|error|invalid|too|missing|malformed|field)/,
      /(?:malformed|invalid|illegal|missing|bad) (?:mime|headers?|message|date|from:|to:|message-id|encoding)/,
      /(?:not have|without|lacks?|no) (?:an? )?(?:valid )?(?:from|to|to\/cc|date|message-id)\b.{0,12}(?:header|field)/,
      /(?:message|mail|e-?mail)s? (?:without|with no|lacking) (?:an? )?(?:message-id|date|from|subject)\b/,
      /(?:two|several|multiple|more than one) (?:subject|from|to|date|message-id)\b|eight[ -]?bit .{0,24}(?:not|header|characters)/,
      /not (?:rfc|compliant)|rfc ?-?(?:2822|5322|822|5321|2045|2047|1652)|8-?bit .{0,24}(?:not|header|characters)|non-ascii/,
      /bare (?:lf|cr|newline)/,
      /lines? too long|mime (?:error|part|nest)|improper use|encoding (?:error|not)|character set|conversion (?:required|not)/,
      /content (?:encoding|type)/,
    ],
    sample: '554 5.6.0 Message headers are malformed; see RFC 5322',
  },
  {
    id: 'policy',
    class: 'policy',
    words: [
      /polic(?:y|ies)|protocol violation|security (?:polic|violation|reason|restrict)|header error|prohibited|forbidden/,
      /unauthori[sz]ed|violat/,
      /not (?:authorized|permitted|allowed|welcome)|administrative(?:ly)?|executable|(?:banned|prohibited|blocked) (?:file|attach|content)/,
      near('attachment', 40, 'not|block|reject|type|\\bext'),
      /restricted|no permission|failed to delivery|(?:rejected|refused|denied|blocked) by (?:the )?(?:destination|recipient|receiving)(?:.s)? (?:domain|organi[sz]ation|company)/,
    ],
    sample: '554 5.7.1 Message violates our policies',
  },
  {
    id: 'access-denied-by-policy',
    class: 'policy',
    code: / [45]\.7\.\d{1,2}$/,
    words: [/access denied/],
    sample: '550 5.7.1 Access denied',
  },
  {
    id: 'access-denied',
    class: 'ip-reputation',
    code: /^(?!.* 5\.1\.)/,
    words: [/access denied|not accepted from|connection (?:rejected|denied)|service (?:refused|denied)|\bblocked\b|\bdenied\b/],
    sample: '550 Access denied',
  },
  {
    // RFC 3463 gives x.7.1 to policy; a temporary one with these words is how most greylisting looks.
    id: 'greylist-probably',
    class: 'greylist',
    code: /^4\d\d 4\.7\.1$/,
    words: [/(?<!service unavailable - )try (?:again )?later|(?<!service unavailable - )try again/],
    sample: '451 4.7.1 Please try again later',
  },
  {
    id: 'system',
    class: 'system',
    words: [
      near(
        'internal|system|server|\\blocal|configuration|database|software|program|transient|resource|ldap|backend|milter|unexpected|i/o',
        20,
        'error|failure|problem|fault',
      ),
      /temporar(?:y|ily)|try (?:again|later)|service (?:currently |is |temporarily )?(?:unavailable|not available)/,
      /transaction failed|mail loop|misconfigured/,
      /could not (?:load|open|create|write|complete)|insufficient permission|aborted|unable to (?:process|accept|complete|write|verify)/,
      /shutting down|maintenance|overload|permission denied|cannot (?:open|create|write)|command (?:died|failed)/,
      /server closing|too busy|server busy/,
    ],
    sample: '451 4.3.0 Temporary system problem. Try again later',
  },
];
