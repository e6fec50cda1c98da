// This file holds rules for single receivers of Asia beside those in elsewhere.ts: NetEase (163, 126), Tencent, Alibaba, Sina, Coremail, Naver, Rediff, and Japanese carriers.
import type { ReplyRule } from './rule.ts';

export const ASIA_RULES: readonly ReplyRule[] = [
  // ── NetEase: mail.163.com/help, "the codes of returned mail": two letters for the stage, three for the reason ────────────────
  {
    id: 'netease-counts',
    class: 'rate-limited',
    words: [
      /\b(?:mi:(?:cel|dmc|ccl|sfq|stc|scn)|rp:(?:drc|ccl|cel|qrc|trc|rcl)|hl:(?:icc|ifc|itc))\b/,
      /too much (?:fail authentication|recipient)|sends? (?:from|of) .{0,20}today exceed/,
    ],
    sample: '550 RP:TRC 163 mx7 the number of recipients today exceeds the limit',
  },
  {
    id: 'netease-lists',
    class: 'ip-reputation',
    words: [
      /\b(?:wm:bli|mi:nhd|hl:(?:ihu|ipb|rep|mep)|dt:rbl)\b|requested mail action not taken: invalid ip|\bip is (?:rejected|hang ?up)|\bblack ip\b/,
    ],
    sample: '550 Requested mail action not taken: Invalid IP',
  },
  {
    id: 'netease-sender',
    class: 'sender-rejected',
    words: [
      /\b(?:wm:blu|mi:(?:imf|dma))\b|dt:sum\b|taken: fake sender|mail from must equal authori[sz]ed user|host denies the sender|black mail address/,
      /domain may not exist or dns check failed|sender is (?:rejected|unvalidated)|\bmail from invalid/,
    ],
    sample: '553 mail from must equal authorized user',
  },
  {
    id: 'netease-list-of-user',
    class: 'recipient-filtered',
    words: [/\buser in black ?list|\buser (?:hangup|rejected)\b|\bmi:spb\b|rp:frl\b/],
    sample: '550 User in blacklist: member@club.example',
  },
  {
    id: 'netease-inside',
    class: 'policy',
    words: [/taken: local user only|no smtp mx only/],
    sample: '553 Requested action not taken: Local user only',
  },
  // ── Tencent ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'qq-not-found',
    class: 'invalid-recipient',
    words: [/mailbox not found.{0,10}http:\/\/service\.(?:mail\.qq|exmail\.qq)|service\.mail\.qq\.com.{0,60}no=1000728/],
    suppress: false,
    sample: '550 Mailbox not found. http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022&&no=1000728',
  },
  {
    id: 'qq-login',
    class: 'policy',
    words: [/service\.mail\.qq\.com.{0,40}id=28\b|login fail\. (?:please|account)/],
    sample:
      '535 Login Fail. Please enter your authorization code to login. http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=28&&no=1001256',
  },
  // ── Alibaba ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'aliyun-account',
    class: 'operator',
    words: [/main account unavailable/],
    sample: '551 Main account unavailable',
  },
  // ── Naver, Daum (Korea), Rediff (India) ───────────────────────────────────────────────────────────────────────────────────
  {
    id: 'naver-unknown',
    class: 'invalid-recipient',
    words: [/5\.1\.1 no such recipient here|recipient not found.{0,40}naver|존재하지 ?않는|사용자를 찾을 수 없/],
    sample: '550 5.1.1 No such recipient here g8 - nsmtp',
  },
  {
    id: 'daum-inactive',
    class: 'inactive-mailbox',
    words: [/휴면|dormant (?:account|user)|is a dormant/],
    sample: '554 5.7.1 The account is a dormant user',
  },
  // ── Japan ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'japan-full',
    class: 'mailbox-full',
    words: [/too much mail data|mail data over/],
    sample: '552 Too much mail data user@docomo.ne.jp',
  },
  {
    id: 'japan-refused',
    class: 'recipient-filtered',
    words: [/^(?!.{0,200}(?:判定|スパム)).{0,200}(?:受信拒否|受信を拒否)|迷惑メール(?:対策|フィルタ).{0,20}拒否/],
    sample: '相手先の設定により受信拒否されました',
  },
];
