// This file holds the generic rules about us and our mail: lists, reverse DNS, authentication, rates, content, policy. They come before the rules
// about the recipient, because such answers often quote the recipient's address and words like "rejected" or "mailbox unavailable".
import type { ReplyRule } from './rule.ts';

export const GENERIC_SENDER_RULES: readonly ReplyRule[] = [
  // ── asked to come back ────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'greylisted',
    class: 'greylist',
    words: /gr[ea]y-? ?list|postgrey|greypass|sqlgrey/,
    sample: '450 4.2.0 <user@example.com>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/example.com.html',
  },
  {
    id: 'greylist-retry-words',
    class: 'greylist',
    code: /^4/,
    words:
      /policy rejection- please try later|first (time|attempt|contact).{0,40}(try|retry)|please (retry|try again) in \d+ ?(s|sec|seconds|min|minutes)\b|not yet authorized to deliver|temporary envelope failure|you must wait .{0,20}(seconds|minutes)|try again in \d+ seconds/,
    sample: '450 4.7.1 <user@example.com>: Recipient address rejected: Policy Rejection- Please try later.',
  },
  // ── rates, before reputation: "too many connections from your IP" is a matter of pace ─────────────────────────────────────
  {
    id: 'too-many-recipients',
    class: 'rate-limited',
    words: /too many recipients|recipients? limit (exceeded|reached)|too many rcpts?/,
    sample: '452 4.5.3 Too many recipients',
  },
  {
    id: 'too-many-connections',
    class: 'rate-limited',
    words:
      /too many (concurrent |simultaneous |smtp )?(connections|sessions)|too much connections|connections? (rate|limit|count).{0,20}(exceed|reached)|maximum (number of )?(concurrent )?(server )?connections|concurrent (server )?connections has exceeded|connection (frequency|rate) limit/,
    sample: '421 4.7.0 mx.example.com Error: too many connections from 192.0.2.1',
  },
  {
    id: 'too-many-messages',
    class: 'rate-limited',
    words:
      /too many (messages|mails|emails|sends)|(message|sending|mail|delivery|sender|hourly|daily) (rate|limit|quota).{0,24}(exceed|reached|too high)|rate limit|throttl|too (fast|quickly|frequent)|slow(ing)? down|exceeded .{0,30}(messages per|emails per|per (hour|minute|day|connection))|sent too (many|much)|excessive (rate|volume|number of)|exceed(ed|s)? (the |your )?(max|maximum|allowed) .{0,24}(rate|per hour|per connection)|maxmimum? (messages|mails) per|over quota for sender/,
    sample: '421 4.7.0 Rate limit exceeded, too many messages from your host; slow down',
  },
  {
    id: 'rate-blocked-for-a-while',
    class: 'rate-limited',
    words:
      /(temporarily|temporary) (deferred|blocked|throttled|suspended) due to (high|excess|too many|load|volume)|server (is )?(too )?busy|high (volume|load)|max(imum)? (number of )?(messages|mails) (per|in) (session|connection)/,
    sample: '450 4.3.2 Deferred: system is too busy, high load',
  },
  // ── lists and reputation of the sending IP ────────────────────────────────────────────────────────────────────────────────
  {
    id: 'blocklist-named',
    class: 'ip-reputation',
    words:
      /spamhaus|\bsorbs\b|spamcop|uribl\.com|uceprotect|dnsbl|\brbls?\b|hostkarma|junkemailfilter|invaluement|spamrl\.com|backscatterer|senderbase|senderscore|sender score|talosintelligence|trustedsource|njabl|psbl\b|mailspike|spfbl|abuseat|manitu\.net|truncate\.gbudb|blocklist\.de|bl\.score|mxrate|surriel|mailabuse|barracudacentral|mail-abuse|abusix|lashback|0spam|nixspam|proofpoint\.com\/\?ip|surbl/,
    sample: '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org',
  },
  {
    id: 'blocklist',
    class: 'ip-reputation',
    words:
      /(black|block|deny|bad)[- ]?(list|ed list)|blacklisted|listed (at|in|by|on) |blocked (using|by|at|for|from|due)|(is|been|was) (temporarily |permanently |currently )?(blocked|blacklisted|banned|blocklisted)\b|on our (block|black|reject|deny)|denylist|real-?time black|ip (is )?(blocked|banned)|dns ?bl\b/,
    sample: '550 5.7.1 Your IP address 192.0.2.1 is blacklisted',
  },
  {
    id: 'reputation',
    class: 'ip-reputation',
    words:
      /(poor|bad|low|negative|questionable|untrusted|dangerous) .{0,16}reputation|reputation .{0,20}(poor|bad|low|filter|is too)|due to .{0,20}reputation|reputation-based|mta.s (poor )?reputation|bad ip\b/,
    sample: "554-mx.example.com Your access to this mail system has been rejected due to the sending MTA's poor reputation.",
  },
  {
    id: 'reverse-dns',
    class: 'ip-reputation',
    words:
      /reverse (dns|host ?name|lookup|ip|map)|\br?dns ptr\b|\bptr\b|rdns|cannot find your (reverse )?host ?name|ip name lookup failed|name lookup failed|(generic|dynamic|missing|invalid|no|without) (reverse|rdns|ptr|hostname)|may not be mail exchanger|fcrdns|unresolvable (ip|host)|host ?name (verification|lookup) failed|does not resolve to/,
    sample: '450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]',
  },
  {
    id: 'dynamic-ip',
    class: 'ip-reputation',
    words:
      /dynamic (ip|address|pool|host)|dial-?up|residential|end[- ]user (ip|address)|pool of dynamic|geoip|country .{0,20}(block|reject|not allowed)/,
    sample: '550 5.7.1 Mail from dynamic IP addresses is not accepted here',
  },
  {
    id: 'helo-refused',
    class: 'ip-reputation',
    words:
      /(helo|ehlo) .{0,50}(reject|invalid|mismatch|not |denied|blocked|bogus|fake|forged)|helo command rejected|(invalid|bad|fake|forged|bogus) (helo|ehlo)/,
    sample: '550 5.7.1 Helo command rejected: Host not found',
  },
  {
    id: 'client-refused',
    class: 'ip-reputation',
    words:
      /client host rejected|(you|your (ip|host|server|mail server|mta|network)|host|ip( address)?|client|connections?) .{0,50}(not allowed to connect|not accepted|access denied|refused by|is not allowed|rejected|has been (rejected|blocked|banned))|not accepting (connections|mail from|email from)|we do(n.t| not) accept (mail|email|messages) from|rejected because bad ip|connection refused by|you are not (allowed|welcome)|mail from .{0,40}(ip|host|\d\.\d{1,3}\.\d{1,3}).{0,30}(refused|rejected|not allowed|denied)|refused (mail|connection) from|smtp (session|connection|service) (rejected|refused|denied|disallowed)|ip address .{0,40}(denied|refused|rejected)|go away|a problem occurred|has been (temporarily )?(rejected|blocked) due to .{0,20}(spam|abuse|reputation)|you are sending spam|because of (past |previous )?abuse|too many (invalid|bad|unknown) (recipients|users|addresses)|(attempting|attempted) to (send|mail) too many/,
    sample: '554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied',
  },
  // ── authentication of the mail ────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'dmarc-spf-dkim',
    class: 'auth-failure',
    words:
      /\b(spf|dkim|dmarc|arc|sender[- ]?id)\b.{0,60}(fail|reject|not |permerror|temperror|unauthor|deny|denied|policy|invalid|missing|violat|check|error|softfail|align|record|required)|(fail|reject|violat|due to|failed|not pass|does not|do not|no valid|missing|required).{0,60}\b(spf|dkim|dmarc)\b|openspf\.|domain.s (published )?(spf|dmarc|dkim|policy)|sender policy framework|unauthenticated (mail|email|message)|domainkeys|email (sender )?authentication (fail|require)|messages? failed authentication/,
    sample: '550 5.7.23 <user@example.com>: Recipient address rejected: Message rejected due to: SPF fail - not authorized',
  },
  // ── malware, spam ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'virus',
    class: 'virus',
    words: /virus|malware|\bworm\b|trojan|infected|eicar|phish|clamav|sanesecurity|ransom/,
    sample: '554 5.7.1 Message contains a virus (Eicar-Test-Signature)',
  },
  {
    id: 'spam',
    class: 'spam-content',
    words:
      /\bspam|\bube\b|\buce\b|unsolicited|bulk (mail|email)|junk (mail|email)|looks like (an )?advert|spamassassin|high score|score (of )?\d|content (of )?(this |the )?(message|mail) (looks|appears)|bayes|viagra|dspam|classified as|blocked by (cloudmark|content)|message content rejected|content (filter|denied|rejected|blocked)|rejected (by|due to) (content|anti-?spam)|url (in|found|listed|block)|contains (a )?(blocked|banned|black|forbidden) (url|link|domain)/,
    sample: '554 5.7.1 This message has been classified as SPAM and may not be delivered',
  },
  // ── size before quota: "message size exceeds" ─────────────────────────────────────────────────────────────────────────────
  {
    id: 'message-too-large',
    class: 'message-too-large',
    words:
      /(message|mail|email|e-mail|msg|body|attachments?|header)( body| data)? ?(size)? (is |was )?(too (large|big|long)|exceed)|size (of (the |this )?message )?.{0,24}(exceeds?|exceeded|limit|larger|greater)|exceeds? .{0,30}(size|fixed maximum)|too (large|big) (a )?message|message (file )?too (big|large)|max(imum)? (message |allowed )?(size|length)|larger than|number of attachments/,
    code: /^(?!.* 5\.6\.0)/,
    sample: '552 5.3.4 Message size exceeds fixed maximum message size',
  },
  // ── log-in, TLS ───────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'tls-required',
    class: 'tls',
    words: /starttls|\btls\b|\bssl\b|encryption (is )?(required|needed)|certificate|must issue a/,
    sample: '530 5.7.0 Must issue a STARTTLS command first',
  },
  {
    id: 'login-required',
    class: 'policy',
    words:
      /authentication (is )?(required|failed|needed)|auth(entication)? (unsuccessful|credentials)|application-specific password|login attempts|unauthenticated senders|smtp auth|authenticate (first|before)|client was not authenticated|log ?in (first|required|denied)|user(name)? (and|or) password not accepted/,
    sample: '530 5.7.0 Authentication Required',
  },
];
