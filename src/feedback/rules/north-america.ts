// This file holds rules for single receivers of North America: Comcast, Charter/Spectrum, Cox, Facebook.
import type { ReplyRule } from './rule.ts';

export const NORTH_AMERICA_RULES: readonly ReplyRule[] = [
  {
    id: 'comcast-rate',
    class: 'rate-limited',
    words: [/^(?!.{0,200}reputation).{0,400}\brl0000\d\d\b/],
    sample: '421 4.1.0 192.0.2.1 Throttled - try again later. Please see http://postmaster.comcast.net/smtp-error-codes.php#RL000010',
  },
  {
    id: 'comcast-block',
    class: 'ip-reputation',
    words: [/#bl\d{6}|\bbl0[01]{5}\b|\bes0000[01]\d\b|#pt0000\d\d|postmaster\.comcast\.net\/.{0,30}#554/],
    sample:
      '554 imta01.comcast.net comcast 192.0.2.1 found on one or more DNSBLs, see http://postmaster.comcast.net/smtp-error-codes.php#BL000010',
  },
  {
    id: 'spectrum-sender',
    class: 'sender-rejected',
    words: [/\be2\d{3}$/],
    code: /^55/,
    sample: '553 5.1.0 impin001 example.org does not exist E2110',
  },
  {
    id: 'spectrum-rate',
    class: 'rate-limited',
    words: [/aup#in?-1(1[0-9]0|3[0-9]0|310|130)\b/],
    sample:
      '421 4.1.0 <x@example.org> sender rejected. Please see https://www.spectrum.net/support/internet/understanding-email-error-codes. AUP#In-1310',
  },
  {
    id: 'spectrum-ip',
    class: 'ip-reputation',
    words: [/aup#in?-1[0-9]{3}\b|aup#(bl|o|cxrj)\b|\baup#blk?\b/],
    sample: '554 5.7.1 ERROR: Mail refused - <192.0.2.1> - See https://www.spectrum.net/support AUP#In-1000',
  },
  {
    id: 'cox-dnsbl',
    class: 'ip-reputation',
    words: [/\bcxbl\b|\baup#cxdns|\bcxdns/],
    sample: '554 ERROR: 192.0.2.1 is blocked. Refer to https://www.cox.com CXBL',
  },
  {
    id: 'cox-rate',
    class: 'rate-limited',
    words: [/aup#cx(thrt|mj|mxrt|cnct)|\bcx(thrt|mxrt)\b/],
    sample: '452 4.1.0 requested action aborted: try again later AUP#CXMXRT',
  },
  {
    id: 'cox-list',
    class: 'ip-reputation',
    words: [/aup#cdrbl|\bipbl[01]{4}\b/],
    sample: '421 eastrmimpi103 192.0.2.1 blocked. Error Code: IPBL0001',
  },
  { id: 'cox-link', class: 'spam-content', words: [/aup#urlbl/], sample: '552 5.2.0 Message contains a blocked address AUP#URLBL011' },
  { id: 'cox-sender', class: 'sender-rejected', words: [/\bcxsnd/], sample: '550 rejected. CXSNDR' },
  {
    id: 'facebook-preferences',
    class: 'recipient-filtered',
    words: [/\brcp-p[23]\b|refused due to recipient preferences/],
    sample: '550 5.1.1 RCP-P2 http://postmaster.facebook.com/response_codes?ip=192.0.2.1#rcp Refused due to recipient preferences',
  },
  {
    id: 'facebook-inside',
    class: 'system',
    words: [/\bint-[pt]\d\b/],
    sample: '451 4.3.0 INT-T2 http://postmaster.facebook.com/response_codes?ip=192.0.2.1#int',
  },
  {
    id: 'facebook-unknown',
    class: 'invalid-recipient',
    words: [/\brcp-p1\b/],
    sample: '550 5.1.1 RCP-P1 http://postmaster.facebook.com/response_codes?ip=192.0.2.1#rcp',
  },
  {
    id: 'facebook-virus',
    class: 'virus',
    words: [/\bpol-p5\b/],
    sample: '554 5.7.1 POL-P5 http://postmaster.facebook.com/response_codes?ip=192.0.2.1#pol The message contains a virus.',
  },
  {
    id: 'facebook-rules',
    class: 'policy',
    words: [/\bpol-p[67]\b/],
    sample: '554 5.7.1 POL-P7 http://postmaster.facebook.com/response_codes?ip=192.0.2.1#pol',
  },
  {
    id: 'facebook-pace',
    class: 'rate-limited',
    words: [/\b(con-t[1-9]|con-d[1-9]|msg-t1)\b/],
    sample: '421 4.4.5 CON-T3 http://postmaster.facebook.com/response_codes?ip=192.0.2.1#con',
  },
  {
    id: 'facebook-sender',
    class: 'sender-rejected',
    words: [/\bdns-(p[12]|t1)\b/],
    sample: '550 5.1.8 DNS-P1 http://postmaster.facebook.com/response_codes?ip=192.0.2.1#dns',
  },
  {
    id: 'facebook-policy',
    class: 'ip-reputation',
    words: [/\b(pol-[pt][1-4]|inv-p[1-7]|dns-(p3|t2))\b/],
    sample: '554 5.7.1 POL-P3 http://postmaster.facebook.com/response_codes?ip=192.0.2.1#pol',
  },
];
