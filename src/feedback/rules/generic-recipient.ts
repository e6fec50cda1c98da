// This file holds the generic rules about the recipient, the envelope, the way there and the receiving system.
import type { ReplyRule } from './rule.ts';

export const GENERIC_RECIPIENT_RULES: readonly ReplyRule[] = [
  // ── mailbox full ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'disk-full-of-system',
    class: 'system',
    words:
      /insufficient (system )?(storage|disk|resources)|(disk|file ?system|partition|spool|device) .{0,20}(full|space)|no space left|out of (memory|disk)|not enough (disk )?space/,
    code: /^(?!.* \d\.2\.2)/,
    sample: '452 4.3.1 Insufficient system storage',
  },
  {
    id: 'mailbox-full',
    class: 'mailbox-full',
    words:
      /(mail ?box|inbox|account|user|recipient|mail ?store|folder|storage|maildir).{0,40}(is |was |be )?(full|over ?quota|quota|stuffed|exceed|out of (storage|space)|too (full|large))|over ?quota|quota .{0,24}(exceed|full|reached|violat|limit)|exceed.{0,30}(quota|storage|mailbox|mail space)|(full|stuffed) (mail ?box|inbox)|(out of|no|insufficient|not enough) (mail ?box |mail |storage )space|mail ?box.{0,24}(size|limit)|message would exceed|no room|disk quota|storage (limit|full)|quota$|has no space/,
    code: /^/,
    sample: '552 5.2.2 <user@example.com>: Mailbox full, quota exceeded',
  },
  // ── mailbox closed ────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'mailbox-inactive',
    class: 'inactive-mailbox',
    words:
      /(account|mail ?box|user|recipient|address|subscriber|e?-?mail).{0,60}\b(disabled|inactive|suspended|deactivated|closed|frozen|locked|blocked by admin|terminated|expired|on hold|not active|no longer (active|in use|valid|accept\w+)|discontinued|cancell?ed|archived|delivery has been disabled|not enabled|turned off|temporarily (disabled|inactive|suspended)|is not currently (permitted|accepting|active|available))|(disabled|inactive|suspended|deactivated|closed|frozen|locked|expired|cancell?ed) (user|account|mail ?box|recipient|address|subscriber|alias|e-?mail)|not been (activated|confirmed)|user (is )?(disabled|suspended|inactive|blocked)|extended inactivity|unused for|dormant/,
    sample: '550 5.2.1 <user@example.com>: Mailbox disabled, not accepting messages',
  },
  // ── refused by the recipient's own filter ─────────────────────────────────────────────────────────────────────────────────
  {
    id: 'recipient-filter',
    class: 'recipient-filtered',
    words:
      /(blocked|rejected|refused|declined|filtered) (by|due to) (the )?(recipient|user|addressee|customer|this user|rule)|message filtered|recipient.{0,20}(preferences|settings|whitelist|allow ?list)|does not accept (mail|messages?|email) from (you|this|your)|sender (is )?not (on|in) .{0,20}(white|allow|contact)|challenge.?response|user.{0,20}(blocked|rejected) (your|this|the) (address|mail|message)|only accepts? (mail|messages|email) from|refuses? to (accept|receive)/,
    sample: "550 5.7.1 Message rejected by recipient's filter settings",
  },
  // Carriers answer 5.2.1 "user unknown" for mail their customers filter: the mailbox is there.
  {
    id: 'unknown-user-by-mailbox-code',
    class: 'invalid-recipient',
    code: / [45]\.2\.[01]$/,
    words: /user unknown|unknown user|no such (user|recipient|mailbox)/,
    suppress: false,
    sample: '550 5.2.1 <user@example.com>... User Unknown',
  },
  // Without a code and without one word more, this may be a filter after DATA; the next answer will say more.
  {
    id: 'unknown-user-vague',
    class: 'invalid-recipient',
    code: /^\d{3} $/,
    words: /^\d{3}[ :-]+(<?addr>?[ .:,]{0,6})?(user unknown|unknown user|no such (user|recipient|mailbox))[ .:]{0,3}(<?addr>?)?[ .]{0,3}$/,
    suppress: false,
    sample: '550 unknown user <user@example.com>',
  },
  {
    id: 'policy-reasons',
    class: 'policy',
    words: /for policy reasons|denied by policy|(local|site|security) policy/,
    sample: '554 Mail from news@example.org rejected for policy reasons.',
  },
  {
    id: 'unknown-user-by-policy',
    class: 'recipient-filtered',
    code: / [45]\.7\.\d/,
    words: /user unknown|unknown user|no such (user|recipient|mailbox)/,
    suppress: false,
    sample: '550 5.7.1 <user@example.com>: Recipient address rejected: User unknown',
  },
  // ── sender refused: before "unknown user", as it uses the same words about our address ────────────────────────────────────
  {
    id: 'sender-refused',
    class: 'sender-rejected',
    words:
      /(sender|from|return[- ]path|envelope from|mail from|reverse-path|originator|domain of sender)( address| domain| header| host)?(:| is| was| has been| does| could| verification|,| addr| verify)?.{0,50}(reject|refus|denied|not (exist|found|allowed|accepted|verified|valid|permitted|resolv)|invalid|unknown|fail|unverified|blocked|unroutable|no mx|does ?n.t exist|unresolvable|not owned|undeliverable|verify)|domain of sender|(invalid|bad|unknown|unverified|illegal|unrout\w+|rejected|refused) (sender|mail from|from (address|domain|header)|return path|envelope)|could not verify sender|sender (verif|callout)|verify your sender|not a registered gateway user|not owned by user|send as|null sender|empty envelope sender|<> (is )?not allowed|mail from .{0,20}(not allowed|invalid|must)/,
    code: /^(?!.* [45]\.1\.1\b)/,
    sample: '550 5.1.8 <news@example.org>: Sender address rejected: Domain not found',
  },
  {
    id: 'relay-denied',
    class: 'relay-denied',
    words:
      /relay(ing)?( access| mail| is| was| to| for| from)?.{0,30}(denied|not (permitted|allowed|possible|authorized|enabled)|prohibited|refused|reject|forbidden)|(not|un)( permitted| allowed| able| authorized|able| configured)? to relay|we do not relay|(not|isn.t|is not) (in|one of|on) .{0,30}(rcpthosts|allowed|local|my) ?(hosts|domains|rcpt)?|rcpthosts|not a (local|relay) (domain|host)|open relay|no relay|relaying|not our (domain|host)|mail relay/,
    sample: '554 5.7.1 <user@example.com>: Relay access denied',
  },
  // ── the domain ────────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'domain-takes-no-mail',
    class: 'domain-not-accepting',
    words:
      /null ?mx|(host|domain|server|system) (does not|doesn.t|will not|never) accepts? (any )?(mail|email|smtp)|does not accept mail|nomail|no mail (is )?accepted (here|at)|recipient address has a? ?null mx|smtp service is not (available|offered)|this (host|server|domain) (does not|accepts no) /,
    sample: '556 5.1.10 Recipient address has a null MX',
  },
  {
    id: 'domain-unknown',
    class: 'bad-domain',
    words:
      /host unknown|unknown (host|domain)|(host|domain|name) ?(name)? ?.{0,40}(not found|does not exist|doesn.t exist|non-?existent|nxdomain|is not reachable|unknown)|no such (host|domain)|nxdomain|(bad|invalid|illegal|unknown|nonexistent|unroutable) (destination |recipient |remote )?(domain|host|system address)|unrouteable (mail )?domain|unroutable (mail )?domain|(could not|unable to|cannot) (find|resolve|locate|look ?up) .{0,30}(domain|host|mx|server)|no (valid )?(mx|a)( or (mx|a))? (record|host)|domain .{0,30}(no mx|invalid|expired|suspended)|[\w.-]+ does not exist$|address lookup failed/,
    code: /^5|^\D|^$/,
    sample: '550 5.1.2 <user@nosuchdomain.example>... Host unknown (Name server: nosuchdomain.example: host not found)',
  },
  // ── the mailbox does not exist ────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'user-moved',
    class: 'invalid-recipient',
    words:
      /(user|recipient|mailbox|mailbox owner|address|owner|addr) .{0,24}(has |have )?(moved|changed)|no longer (on|at|with) (this |the )?(server|here|company|us)|recipient no longer|not local; (please )?try|please (forward|update your address)|no longer (works|employed|an employee)|left the (company|organi[sz]ation)|user not local/,
    sample: '551 5.1.6 User not local; mailbox has moved',
  },
  {
    id: 'user-unknown',
    class: 'invalid-recipient',
    words:
      /(user|account|recipient|mail ?box|addressee|alias|local ?part|inbox|customer|subscriber|person|member|employee|receiver|destination)( name| address| email)?.{0,40}(unknown|not (be )?(found|exist|known|valid|recogni[sz]ed|registered|listed|here|available|a valid)|does ?n.t (exist|have)|does not (exist|have)|do not exist|not exist|no such|invalid|unavailable|nonexistent|non-existent|undeliverable|cannot be found|could not be found|can.t be found|isn.t (valid|known|listed))|(unknown|no such|invalid|bad|nonexistent|non-?existent|illegal|undefined|unrouteable|unroutable|unrecogni[sz]ed|wrong|incorrect|not a( known| valid)?|not our|no) (local |e?-?mail |valid |such )?(user|account|recipient|mail ?box|address|addressee|alias|local-?part|customer|person|username|usr|rcpt|destination)\b|no one (here )?by that name|does not exist (here|on)|unknown or illegal alias|not listed in|no valid (mailbox|recipient address)|addr (does not exist|not found|unknown|is unknown|invalid|is not valid|isn.t|rejected)|(not|n.t) (have|found) (an? )?(such )?(account|user|mailbox)|unknown local|user .{0,20}(isn.t|is not) (here|local)|recipient (address )?rejected\.?$|rcpt .{0,30}(unknown|invalid)|address (is )?(unknown|rejected|not found|does not exist|invalid|not known)|unrouteable address|no mailbox (here|by|found|for)|no account|there is no one|is not a known|unknown (recipient|address|email|subscriber)|user doesn.t|addr recipient rejected|mailbox (name )?not (found|allowed|available)|not a valid (mailbox|recipient|user|address)|non esiste|inesistente|inconnu|existiert nicht|unbekannt|no existe|inexistente|desconocid|inexistant|nicht bekannt|onbekend/,
    sample: '550 5.1.1 <user@example.com>: Recipient address rejected: User unknown in local recipient table',
  },
  {
    id: 'recipient-refused',
    class: 'invalid-recipient',
    code: / 5\.1\.[16]/,
    words: /recipient (address )?rejected|rejected|address rejected|recipient refused/,
    sample: '550 5.1.1 <user@example.com> recipient rejected',
  },
  // ── the way there ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'expired',
    class: 'expired',
    words:
      /too (long|old) in (the )?queue|(in|on) the queue too long|(delivery|retry|message|queue) (time ?(out|d out)?|lifetime) .{0,20}(expired|exceeded)|message expired|(retry|delivery) timeout exceeded|retry time not reached|could not be delivered (for|within|in) |undeliverable for|delivery (attempts|expired)|delayed for (more|over|too)/,
    sample: '550 4.4.7 Message expired: delivery time was exceeded',
  },
  {
    id: 'loop',
    class: 'network',
    words:
      /too many hops|mail (forwarding )?loop|loops? back to (myself|me)|hop count exceeded|routing loop|loop(ing)? detected|too many received|mail for .{0,40}loops/,
    sample: '554 5.4.6 Too many hops',
  },
  {
    id: 'network',
    class: 'network',
    words:
      /connection (timed out|refused|reset|closed|lost|was (closed|dropped)|dropped|failed)|(network|host|route|server) (is )?(unreachable|unavailable|down)|no route|time(d)? ?out|timeout|could not connect|unable to connect|cannot connect|no answer from|dns (error|fail|lookup|server|query|resolution|problem|temporary)|name ?server|(temporary|temporarily) .{0,20}(lookup|resolution|resolve|dns)|name service error|lost connection|bad connection|(host|domain) (lookup|name lookup)/,
    sample: '451 4.4.1 Connection timed out with mx.example.com',
  },
  // ── site policy ───────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'protocol',
    class: 'protocol',
    words:
      /syntax error|bad sequence|command (not |un)(recogni[sz]ed|implemented|known|found|allowed)|unrecogni[sz]ed command|unknown command|not implemented|unsupported|out of sequence|need (rcpt|mail|helo|ehlo)|(send|say) (hello|helo|ehlo)|pipelin|synchroni[sz]ation|nested mail|parameters? (not|unrecogni|error|in|unsupp)|invalid (argument|command)|unimplemented|smtputf8|no valid recipients/,
    sample: '503 5.5.1 Bad sequence of commands',
  },
  {
    id: 'header-or-form',
    class: 'content',
    words:
      /header(s)? (error|invalid|too|missing|malformed|field)|(malformed|invalid|illegal|missing|duplicate|bad) (mime|header|message|date|from:|to:|message-id|encoding)|not (rfc|compliant)|rfc ?(2822|5322|822|5321|2045|2047|1652)|8-?bit .{0,24}(not|header|characters)|non-ascii|bare (lf|cr|newline)|line(s)? too long|mime (error|part|nest)|improper use|encoding (error|not)|character set|conversion (required|not)|content (encoding|type)/,
    code: /^(?!.* 5\.7\.9)/,
    sample: '554 5.6.0 Message headers are malformed; see RFC 5322',
  },
  {
    id: 'policy',
    class: 'policy',
    words:
      /polic(y|ies)|protocol violation|security|header error|prohibited|forbidden|not (authorized|permitted|allowed|welcome)|unauthori[sz]ed|denied by|administrative(ly)? |violat|attachment.{0,40}(not|block|reject|type|ext)|executable|banned (file|attach|content)|restricted|no permission/,
    sample: '554 5.7.1 Message rejected for policy reasons',
  },
  {
    id: 'access-denied',
    class: 'ip-reputation',
    words: /access denied|not accepted from|connection (rejected|denied)|service (refused|denied)|blocked|denied/,
    code: /^(?!.* 5\.1\.)/,
    sample: '550 Access denied',
  },
  // ── the receiving system ──────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'system',
    class: 'system',
    words:
      /(internal|system|server|local|configuration|database|software|program|temporary|transient|resource|lookup|ldap|backend|milter|filter|unexpected|i\/o|unknown) .{0,20}(error|failure|problem|fault)|temporar(y|ily)|try (again|later)|service (currently |is |temporarily )?(unavailable|not available)|transaction failed|could not (load|open|create|write|complete|deliver)|insufficient permission|aborted|unable to (process|deliver|accept|complete|write|verify)|shutting down|maintenance|overload|resources|mailer|pipe|permission denied|cannot (open|create|write)|(command|delivery) (died|failed)|server closing|too (busy|many)|busy|exception|failure|failed/,
    sample: '451 4.3.0 Temporary system problem. Try again later',
  },
];
