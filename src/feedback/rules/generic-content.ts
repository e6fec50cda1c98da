// This file holds the generic rules about the mail itself and about the session: malware, spam, size, relaying, TLS, log-in.
import { near, type ReplyRule } from './rule.ts';

export const GENERIC_CONTENT_RULES: readonly ReplyRule[] = [
  {
    id: 'virus',
    class: 'virus',
    words: [
      /(?<!spam or )(?<!spam\/)virus(?! or spam)|malware|malicious|\bworm\b|trojan|infected|eicar|phish|clamav|sanesecurity|ransomware/,
    ],
    sample: '554 5.7.1 Message contains a virus (Eicar-Test-Signature)',
  },
  {
    id: 'spam',
    class: 'spam-content',
    words: [
      /\bspam|\bube\b|\buce\b|unsolicited|bulk (?:mail|e-?mail)|\bjunk\b|looks like (?:an )?advert|spamassassin|bayes|dspam/,
      /(?:virus or spam|banned content)|high score|score (?:is )?too high|score (?:of )?\d|classified as|message content rejected|content (?:filter|denied|rejected|blocked)/,
      /rejected (?:by|due to) (?:content|anti-?spam)|contains (?:a )?(?:banned|black|forbidden) (?:word|content)/,
    ],
    sample: '554 5.7.1 This message has been classified as SPAM and may not be delivered',
  },
  {
    id: 'message-too-large',
    class: 'message-too-large',
    code: /^(?!.* 5\.6\.0|.* [45]\.2\.2)/,
    words: [
      near('message|e-?mail|\\bmsg|body|attachments?|your mail', 14, 'too (?:large|big|long)|size (?:exceed|limit)|exceeds|bigger than'),
      near('\\bsize', 28, 'exceed|limit|larger|greater|violat'),
      /exceeds? .{0,30}(?:\bsize|fixed maximum)|too (?:large|big) (?:a )?message/,
      /max(?:imum)? (?:message |allowed )?(?:size|length)|larger than/,
      /number of attachments/,
    ],
    sample: '552 5.3.4 Message size exceeds fixed maximum message size',
  },
  {
    id: 'relay-denied',
    class: 'relay-denied',
    words: [
      near('relay(?:ing)?', 36, 'denied|not (?:permitted|allowed|possible|authorized|enabled)|prohibited|refused|reject|forbidden'),
      /(?:not|unable)(?: permitted| allowed| able| authorized| configured)? to relay|we do not relay|rcpthosts|open relay/,
      /no relay|relaying|unauthori[sz]ed relay/,
      /does(?:n.t| not) (?:handle|host|process|serve) (?:any )?(?:mail|e-?mail) for|not a (?:local|relay) (?:domain|host)|not our (?:domain|host)|not one of (?:my|our) (?:local )?domains|not local host/,
    ],
    sample: '554 5.7.1 <user@example.com>: Relay access denied',
  },
  {
    id: 'tls',
    class: 'tls',
    words: [
      /starttls|requiretls|\btls\b|\bssl\b|encryption (?:is )?(?:required|needed)|encrypted (?:connections?|sessions?|transport)|certificate/,
    ],
    sample: '530 5.7.0 You must issue a STARTTLS command before MAIL',
  },
  {
    id: 'policy-reasons',
    class: 'policy',
    words: [/for policy reasons|denied by policy|(?:local|site|security) policy/],
    sample: '554 Mail from news@example.org rejected for policy reasons.',
  },
  {
    id: 'login-required',
    class: 'policy',
    words: [
      /authentication (?:is )?(?:required|fail(?:ed|ure)|needed)|auth(?:entication)? (?:unsuccessful|credentials)|application-specific password/,
      /must (?:be )?authenticate|cannot authenticate|unrecogni[sz]ed authentication|log in (?:with|through|via) your web browser/,
      /login attempts|unauthenticated senders|smtp auth|authenticate (?:first|before)|client was not authenticated/,
      /log ?in (?:first|required|denied)/,
      /user ?name (?:and|or) password not accepted/,
    ],
    sample: '530 5.7.0 Authentication Required',
  },
];
