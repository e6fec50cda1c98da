// This file holds rules for single receivers: China, Japan, hosting companies and the filters that stand in front of many domains.
import type { ReplyRule } from './rule.ts';

export const ELSEWHERE_RULES: readonly ReplyRule[] = [
  // ── China, Japan ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'qq-frequency',
    class: 'rate-limited',
    words: [/(connection|mail|sending|sender|domain|ip) frequency (is )?limited/],
    sample: '550 Connection frequency limited [A1 192.0.2.1]. http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022&&no=1000722',
  },
  {
    // One answer for a missing mailbox and for a refused IP.
    id: 'qq-either',
    class: 'invalid-recipient',
    words: [/mailbox (?:unavailable|not available) or access denied/],
    suppress: false,
    sample:
      '550 Mailbox unavailable or access denied [A1 IP: 192.0.2.1]. http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022&&no=1000728',
  },
  {
    id: 'qq-suspect',
    class: 'spam-content',
    words: [/mail content denied|^550 (?:5\.\d\.\d )?(?:ip is not allowed: )?suspected (bounce|spam)|mail content is suspected/],
    sample: '550 Mail content denied. http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022&&no=1000726',
  },
  {
    id: 'qq-refused-by-people',
    class: 'recipient-filtered',
    words: [/mail is rejected by recipients/],
    sample:
      '550 Mail is rejected by recipients [A1 IP: 192.0.2.1]. http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022&&no=1000728',
  },
  {
    id: 'netease-spf',
    class: 'auth-failure',
    words: [/\bmi:spf\b/],
    sample: '550 MI:SPF 163 mx2, http://mail.163.com/help/help_spam_16.htm',
  },
  {
    id: 'netease-ip',
    class: 'ip-reputation',
    words: [/\b554 (ip|mi:(stc|dum|imp|cel))\b|\bdt:(rbl|spm)\b.{0,60}554|\bhl:(rep|ipb|ihu)\b/],
    sample: '554 IP<192.0.2.1> in blacklist, 163 mx1',
  },
  {
    id: 'netease-slow',
    class: 'rate-limited',
    words: [/\bdt:spm\b|\bmi:(cel|dmc|scn|imp|spb|ctl)\b|rp:(cel|trc|qrc|rcl)\b|\bhl:itc\b/],
    code: /^4/,
    sample: '451 DT:SPM 163 mx1, please try again',
  },
  {
    id: 'netease-spam',
    class: 'spam-content',
    words: [/\bdt:spm\b|\b(dt|hl|mi):\w{3}\b.{0,60}163 /],
    code: /^5/,
    sample: '554 DT:SPM 163 mx1, http://mail.163.com/help/help_spam_16.htm',
  },
  {
    // docomo says so for mail that its customers filter; the mailbox is there.
    id: 'docomo-filter',
    class: 'recipient-filtered',
    words: [/^550[ -](?:5\.\d\.\d )?'?unknown user <?addr/],
    code: / 5\.[23]\.0$/,
    domains: /\bdocomo\b/,
    sample: '550 5.2.0 Unknown user someone@docomo.ne.jp',
  },
  // docomo answers "Unknown user" for mail its customers filter by sender, too: never enough to hold an address.
  {
    id: 'docomo-pretext',
    class: 'sender-rejected',
    words: [/^550[ -]'?unknown user <?addr/],
    domains: /\bdocomo\b/,
    suppress: false,
    sample: '550 Unknown user someone@docomo.ne.jp',
  },
  {
    // KDDI (au) after DATA, with the address left out: mail that a customer filters.
    id: 'kddi-filter',
    class: 'recipient-filtered',
    words: [/(?:^|-> )550 : user unknown/],
    suppress: false,
    sample: '550 : User unknown',
  },
  {
    // cPanel's Exim, of a domain without DNS or a mailbox it does not know: it does not say which.
    id: 'cpanel-perhaps',
    class: 'bad-domain',
    words: [/^(?!.{0,400}(?:verification failed for|sender verify failed)).{0,400}the account or domain may not exist/],
    sample:
      'The mail server could not deliver mail to user@example.com. The account or domain may not exist, they may be blacklisted, or missing the proper dns entries.',
  },
  // ── Hosted filters ────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'mimecast-host',
    class: 'policy',
    words: [/host network not allowed|anti-spoofing policy|invalid recipient .{0,20}policy/],
    sample: '554 Host network not allowed - https://community.mimecast.com/docs/DOC-1369#554 [abc.uk123]',
  },
  {
    id: 'mimecast-reputation',
    class: 'ip-reputation',
    words: [/csi\.mimecast\.org|local ct ip reputation|poor reputation sender|mimecast\.\w{2,4}\/.{0,40}(rbl|blacklist)/],
    sample: '550 csi.mimecast.org Poor Reputation Sender. - https://community.mimecast.com/docs/DOC-1369#550 [abc.us1]',
  },
  {
    // docs: "Mimecast SMTP Error Codes".
    id: 'mimecast-lists',
    class: 'policy',
    words: [/account inbounds disabled|rejected by header based|envelope blocked|submitter failed to authenticate/],
    sample: '550 Rejected by header based Blocked Senders: news@example.org',
  },
  {
    id: 'mimecast-validation',
    class: 'system',
    code: /^4/,
    words: [/recipient temporarily unavailable/],
    sample: '451 Recipient temporarily unavailable',
  },
  {
    id: 'mimecast-threads',
    class: 'rate-limited',
    words: [/exceeding outbound thread limit/],
    sample: '550 Exceeding outbound thread limit',
  },
  {
    id: 'mimecast-signature',
    class: 'virus',
    words: [/rejected due to security policies|mcspamsignature|mcviruspolicy/],
    sample: '554 email rejected due to security policies - MCSpamSignature.sa.1.1',
  },
  {
    id: 'mimecast-greylist',
    class: 'greylist',
    words: [/internal resource(s)? (are |is )?temporarily unavailable/],
    sample: '451 Internal resources are temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451',
  },
  {
    id: 'proofpoint-blocked',
    class: 'ip-reputation',
    words: [/ipcheck\.proofpoint\.com|proofpoint\.com\/dnsbl|blocked - see https?:\/\//],
    sample: '550 5.7.0 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1',
  },
  {
    id: 'messagelabs-unknown',
    class: 'invalid-recipient',
    words: [/\baddr rejected$/],
    code: /^542/,
    sample: '542 user@example.com Rejected',
  },
  {
    id: 'messagelabs-relay',
    class: 'relay-denied',
    words: [/trying to use me .{0,80}as a relay/],
    sample:
      '553-you are trying to use me [server-4.tower-1.messagelabs.com] as a relay, but I have not been configured to let you do this.',
  },
  {
    id: 'messagelabs-blocked',
    class: 'ip-reputation',
    words: [/blocked by the recipient.s (email )?security|see http:\/\/www\.symanteccloud\.com\/troubleshooting/],
    sample: '501 Connection rejected by policy [7.7] 1, please visit see http://www.symanteccloud.com/troubleshooting for more details',
  },
  {
    id: 'barracuda-list',
    class: 'ip-reputation',
    words: [/barracuda(central)?(networks)?[. ].{0,12}reputation|barracudacentral\.org|blocked using barracuda/],
    sample:
      '554 Service unavailable; Client host [192.0.2.1] blocked using Barracuda Reputation; http://www.barracudanetworks.com/reputation/?r=1&ip=192.0.2.1',
  },
  {
    id: 'cloudmark-reputation',
    class: 'ip-reputation',
    words: [/cloudmark sender intelligence|csi\.cloudmark\.com|cloudmark\.com\/.{0,20}csi/],
    sample: '550 5.7.1 Connection refused, see https://csi.cloudmark.com/reset-request/?ip=192.0.2.1',
  },
  {
    id: 'ess-permanent-unknown',
    class: 'invalid-recipient',
    words: [/permanent failure for one or more recipients .{0,60}(user unknown|no such|invalid)/],
    sample: '550 permanent failure for one or more recipients (member@club.example:550 5.1.1 user unknown)',
  },
  {
    id: 'ess-permanent-blocked',
    class: 'ip-reputation',
    words: [/permanent failure for one or more recipients .{0,20}addr:blocked/],
    sample: '550 permanent failure for one or more recipients (member@club.example:blocked)',
  },
  {
    id: 'ess-permanent-quarantined',
    class: 'spam-content',
    words: [/permanent failure for one or more recipients .{0,20}addr:quarantined/],
    sample: '550 permanent failure for one or more recipients (member@club.example:quarantined)',
  },
  // ── GoDaddy: "IBnnn" names the reason ─────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'godaddy-from',
    class: 'sender-rejected',
    words: [/\bib(501|504|505|506|507|302)\b/],
    sample: '550 <news@example.org> From: Domain is invalid. Please provide a valid From: IB506',
  },
  {
    id: 'godaddy-auth',
    class: 'auth-failure',
    words: [/\bib(508|509|510|511)\b/],
    sample: '550 news@example.org Invalid SPF record. Inspect your SPF settings, and try again. IB508',
  },
  {
    id: 'godaddy-rate',
    class: 'rate-limited',
    words: [/\bib(007|101|401|605|607|60[0-9])\b/],
    sample: '550 This IP has sent too many messages this hour. IB607',
  },
  {
    id: 'godaddy-spam',
    class: 'spam-content',
    words: [/\bib(2\d\d|70[0-36-9])\b|spam or virus content/],
    sample: '552 This message has been rejected due to content judged to be spam by the internet community. IB210',
  },
  {
    id: 'godaddy-unknown',
    class: 'invalid-recipient',
    words: [/\bib(402|403|404)\b/],
    sample: '550 Recipient not found. Account does not exist IB403',
  },
  {
    id: 'godaddy-ip',
    class: 'ip-reputation',
    words: [/\bib(1\d\d|10[2-9])\b/],
    sample: '554 Connection refused. This IP address is listed on the Spamhaus Block List (SBL). IB108',
  },
];
