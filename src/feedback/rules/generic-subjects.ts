// This file holds the last rules of all: they only ask of whom an answer speaks. Where no word says what is wrong, the subject still tells whose fault it is: an answer about headers is
// not about a mailbox. None of them holds an address.
import { near, type ReplyRule } from './rule.ts';

export const SUBJECT_RULES: readonly ReplyRule[] = [
  {
    id: 'subject-pace',
    class: 'rate-limited',
    words: [
      /\bpace\b|\bat a time\b|\bwait (?:an?|\d{1,4}|some) (?:\w{2,5} )?(?:hours?|minutes?|seconds?|while)|\bvolume\b|\bfrequency\b|sending activity/,
    ],
    sample: '451 4.7.1 The pace of your mails is above what we allow',
  },
  {
    id: 'subject-header',
    class: 'content',
    code: /^5(?!0)/,
    words: [/\bheaders?\b|\bmime\b|\bboundary\b|\bcharset\b|message-id|\bmultipart\b|\bencoding\b/],
    sample: '554 5.7.1 The Date: header lies in the future',
  },
  {
    id: 'subject-outsider',
    class: 'policy',
    code: /^5(?!0)/,
    words: [
      /\b(?:external|outside|outsiders?|internal|members?|staff|employees|restricted|moderat\w{2,4})\b|\bclosed (?:to|for|list|group)|\brules?\b/,
    ],
    sample: '554 5.7.1 This address is for employees',
  },
  {
    id: 'subject-sender',
    class: 'sender-rejected',
    code: /^5(?!0)/,
    words: [/\bsender\b|\benvelope\b|\bmail from:? ?<?addr|\bfrom:|return[- ]path|originator/],
    sample: '550 Envelope and letterhead must have one sender',
  },
  {
    id: 'subject-host',
    class: 'ip-reputation',
    code: /^(?:5(?!0)|4\d\d 4\.7\.)/,
    words: [
      /\byour (?:ip|host|hostname|server|mail ?server|mta|network|provider|isp)\b|\b(?:helo|ehlo|hostname|reverse)\b|\[?\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/,
    ],
    sample: '554 5.7.1 Your host name is generic',
  },
  {
    id: 'subject-person',
    class: 'invalid-recipient',
    code: /^5(?!0)(?!.* [45]\.7\.)/,
    words: [
      near(
        '\\b(?:person|user|recipient|mail ?box|account|addressee|customer|employee|e-?mail address|alias)\\b',
        30,
        "\\bnot\\b|n't\\b|no longer|never|\\bno\\b|wrong|gone\\b",
      ),
    ],
    suppress: false,
    sample: '550 That user went away and is here no longer',
  },
];
