// This file holds the words of filters that stand in front of mail servers: Cisco, FortiMail, Trend Micro, Sophos, McAfee, Barracuda, SpamExperts, amavis, rspamd, policyd-weight,
// Vade, Hornetsecurity, Retarus. What they say of a mail is about the mail, however the domain behind them is called.
import type { ReplyRule } from './rule.ts';

export const GATEWAY_RULES: readonly ReplyRule[] = [
  // ── amavis: "Reject, id=… - INFECTED: …" ──────────────────────────────────────────────────────────────────────────────────
  {
    id: 'amavis-virus',
    class: 'virus',
    words: [/\bid=[\w/+-]{3,40} - (?:infected|virus)/],
    sample: '554 5.7.0 Reject, id=31337-07 - INFECTED: Eicar-Test-Signature',
  },
  {
    id: 'amavis-banned',
    class: 'policy',
    words: [/\bid=[\w/+-]{3,40} - banned/],
    sample: '554 5.7.0 Reject, id=31337-08 - BANNED: .exe',
  },
  {
    id: 'amavis-header',
    class: 'content',
    words: [/\bid=[\w/+-]{3,40} - bad[- ]?header/],
    sample: '554 5.6.0 Reject, id=31337-09 - BAD-HEADER-3: Improper folded header field',
  },
  // ── Cisco (IronPort) ──────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'cisco-nxdomain',
    class: 'bad-domain',
    words: [/dns hard error.{0,120}nxdomain|bad destination host/],
    sample: "5.1.2 - Bad destination host 'DNS Hard Error looking up nowhere.example (MX): NXDomain'",
  },
  {
    id: 'cisco-dns',
    class: 'network',
    words: [/dns (?:soft|hard) error/],
    sample: "4.4.3 - DNS server error 'DNS Soft Error looking up club.example (MX) while asking 192.0.2.53'",
  },
  {
    id: 'cisco-per-hour',
    class: 'rate-limited',
    words: [/too many recipients received (?:this|from the sender|in)|too many connections to this (?:listener|host)/],
    sample: '452 Too many recipients received this hour',
  },
  {
    id: 'cisco-access',
    class: 'ip-reputation',
    words: [/your access to submit messages to this e-?mail system has been rejected/],
    sample: '550 #5.7.1 Your access to submit messages to this e-mail system has been rejected.',
  },
  {
    id: 'cisco-dropped',
    class: 'policy',
    words: [/message bounced by (?:administrator|content filter|filter)/],
    sample: "5.x.0 - Message bounced by administrator ''",
  },
  // ── Trend Micro ───────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'trend-reputation',
    class: 'ip-reputation',
    words: [
      /trend ?micro.{0,20}(?:rbl|reputation|quick|dul\b|list)|mail-abuse\.(?:com|org)|ers\.trendmicro|denial of connection.{0,20}(?:rbl|zombie|\(ers\))/,
    ],
    sample: '450 Mail from 192.0.2.9 deferred using Trend Micro Email Reputation database. See https://ers.trendmicro.com/reputations',
  },
  // ── FortiMail ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'fortimail-ip',
    class: 'ip-reputation',
    words: [/fortiguard.{0,30}(?:block ?ip|ip reputation|black)|(?:sender|client) reputation .{0,20}(?:block|reject|throttl)/],
    sample: '550 5.7.1 This email was rejected by FortiGuard AntiSpam BlockIP',
  },
  {
    id: 'fortimail-spam',
    class: 'spam-content',
    words: [/fortiguard(?!.{0,40}unknown)|fortimail.{0,40}\bspam|banned ?word|detected as (?:a )?spam/],
    sample: '550 5.7.1 This email has been rejected. The email message was detected as spam. (FortiGuard)',
  },
  {
    id: 'fortimail-throttled',
    class: 'rate-limited',
    words: [/(?:sender|client|session) (?:is )?(?:temporarily )?throttled|sending too many/],
    sample: '451 4.7.1 Client is temporarily throttled',
  },
  // ── McAfee SaaS (MX Logic), Symantec, Barracuda: "Denied [CS] [4f6b] (Mode: normal)" ──────────────────────────────────────────
  {
    id: 'mxlogic-list',
    class: 'ip-reputation',
    words: [/\bdenied \[(?:\w{0,3}(?:xbl|sbl|rbl|pbl|ipf|ip)\w{0,3})\]/],
    sample: '554 Denied [SHXBL] (Mode: normal)',
  },
  {
    id: 'mxlogic-content',
    class: 'spam-content',
    words: [/\bdenied \[\w{1,8}\].{0,60}\(mode: \w{3,10}\)/],
    sample: '554 Denied [CS] [f2a8b1c4.0.1234.00-230] (Mode: normal)',
  },
  {
    id: 'barracuda-said',
    class: 'ip-reputation',
    words: [/\bcuda_(?:bl|rbl|rep)\b/],
    sample: '550 cuda_bl 192.0.2.9 is on our list',
  },
  {
    id: 'barracuda-no-user',
    class: 'invalid-recipient',
    words: [/\bcuda_nsu\b(?!.{0,20}(?:limit|quota))(?!.{0,200}(?:abuse|polic))/],
    code: /^5/,
    sample: '550 cuda_nsu No such recipient',
  },
  // ── policyd-weight and other scores of the connection ─────────────────────────────────────────────────────────────────────
  {
    id: 'policyd-weight',
    class: 'ip-reputation',
    words: [
      /appeared to be spam or forged|your mta is listed in too many|temporarily blocked because of previous errors|retrying too fast\. penalty/,
      /\bkarma score|client (?:host )?(?:has )?(?:a )?(?:bad|poor|low) score|failed? (?:fcrdns|rdns) (?:test|check)/,
    ],
    sample:
      '550 5.7.1 Mail appeared to be SPAM or forged. Ask your Mail/DNS-Administrator to correct HELO and DNS MX settings or to get removed from DNSBLs',
  },
  // ── Hornetsecurity names its filter behind the reason: the filter is not the reason ───────────────────────────────────────
  {
    id: 'filter-size',
    class: 'message-too-large',
    words: [/message size \(|(?:filter|attachment) size limit|(?:reject|block)\w{0,3} content filter size/],
    sample: '552 5.5.2 message size (content filter)',
  },
  {
    id: 'filter-rule',
    class: 'policy',
    words: [
      /^(?!.{0,200}(?:\bsender\b|envelope|user.s|recipient.s|(?:recipient|user|owner) (?:has|made|set)|personal)).{0,400}(?:reject|block|refus|denied|filter)\w{0,3} by .{0,24}(?:\brule\b|compliance)/,
    ],
    sample: '554 5.6.9 Rejected by custom Compliance Filter Rule',
  },
  // ── rspamd, SpamAssassin, SpamExperts, Vade, Hornetsecurity, Retarus ───────────────────────────────────────────────────────
  {
    id: 'filter-score',
    class: 'spam-content',
    words: [
      /spam message rejected|gtube|spam(?:assassin)? (?:score|hits|level)|\bscore[ =:]{1,3}-?\d|\bhits[ =:]{1,3}\d/,
      /reject(?:ed)? by (?:the )?(?:vade|vaderetro|hornet|retarus|spamexperts|rspamd|spamassassin|dspam|cloudmark|brightmail|mailscanner)/,
      /message cannot be accepted, spam/,
      /high (?:probability|likelihood) of spam|looks like spam|identified as (?:spam|unsolicited|bulk)|categori[sz]ed as (?:spam|bulk)/,
    ],
    sample: '554 5.7.1 Rejected by MailScanner: SpamAssassin score=12.3 required=5',
  },
];
