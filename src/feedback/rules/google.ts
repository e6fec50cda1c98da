// This file holds rules for single receivers: Google, who gives 5.7.1 and 4.7.0 to a dozen meanings.
import type { ReplyRule } from './rule.ts';

export const GOOGLE_RULES: readonly ReplyRule[] = [
  // ── Google: support.google.com/a/answer/3726730; the ?p= part of the link is the stable name ──────────────────────────────
  {
    id: 'google-no-such-user',
    class: 'invalid-recipient',
    words: [/\?p=nosuchuser|answer\.py\?answer=6596\b|mail\/answer\/6596\b/],
    sample:
      '550-5.1.1 The email account that you tried to reach does not exist. https://support.google.com/mail/?p=NoSuchUser x1si1 - gsmtp',
  },
  {
    id: 'google-disabled-user',
    class: 'inactive-mailbox',
    words: [/\?p=disableduser|the email account that you tried to reach is (disabled|inactive)/],
    sample: '550 5.2.1 The email account that you tried to reach is disabled. https://support.google.com/mail/?p=DisabledUser - gsmtp',
  },
  {
    id: 'google-over-quota',
    class: 'mailbox-full',
    words: [/\?p=overquota|inbox is out of storage space|email account that you tried to reach is over quota/],
    sample: "452-4.2.2 The recipient's inbox is out of storage space. https://support.google.com/mail/?p=OverQuotaTemp - gsmtp",
  },
  {
    id: 'google-receiving-rate',
    class: 'rate-limited',
    words: [/\?p=receivingrate|user you are trying to contact is receiving mail (too quickly|at a rate)/],
    sample:
      '450-4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages. https://support.google.com/mail/?p=ReceivingRate',
  },
  {
    id: 'google-relay-limit',
    class: 'rate-limited',
    words: [
      /smtp relay (sending )?limit exceeded|daily (user )?sending (quota|limit) exceeded/,
      /sending limits? exceeded|^550 5\.7\.1 email quota exceeded/,
    ],
    sample: '550 5.4.5 Daily SMTP relay sending limit exceeded for user. https://support.google.com/a/answer/166852',
  },
  {
    id: 'google-spf-rate',
    class: 'auth-failure',
    words: [
      /spf record of the sending domain has|(spf|dkim) authentication did ?n.t pass/,
      /rate limited because (spf|dkim|dmarc|this (message|mail) .{0,20}authenticat)/,
      /header .{0,40}isn.t aligned with|sending domain does(n.t| not) have a dmarc record/,
    ],
    sample: "421-4.7.27 Your email has been rate limited because SPF authentication didn't pass for this message.",
  },
  {
    id: 'google-unauthenticated',
    class: 'auth-failure',
    words: [
      /unauthenticated email from|this (mail|message) is unauthenticated/,
      /(mail|message) .{0,30}does not have authentication information/,
      /(this|your) (mail|e-?mail|message) has been blocked because the sender is unauthenticated/,
    ],
    sample: "550-5.7.26 Unauthenticated email from example.org is not accepted due to domain's DMARC policy.",
  },
  {
    id: 'google-no-ptr',
    class: 'ip-reputation',
    words: [/does ?n.t have a ptr record|does not have a ptr record|ptr record.{0,40}(forward|setup)/, /missing ptr record/],
    sample:
      '550-5.7.25 The IP address sending this message does not have a PTR record setup, or the corresponding forward DNS entry does not match.',
  },
  {
    id: 'google-low-reputation',
    class: 'ip-reputation',
    words: [/very low reputation of the sending|suspicious due to the very low/, /low reputation of the sending (ip|domain)/],
    sample:
      '550-5.7.1 Our system has detected that this message is likely suspicious due to the very low reputation of the sending domain.',
  },
  {
    id: 'google-unusual-rate',
    class: 'ip-reputation',
    words: [/unusual (rate|amount) of (unsolicited )?(mail|email)/],
    sample: '421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP Netblock [192.0.2.0/24].',
  },
  {
    id: 'google-not-allowed-ip',
    class: 'ip-reputation',
    words: [/ip not in (white|allow) ?list for rcpt domain|denial of service \(dos\)/],
    sample: '421 4.7.0 IP not in whitelist for RCPT domain, closing connection.',
  },
  {
    id: 'google-same-message-id',
    class: 'policy',
    words: [/exceeded its quota for sending messages with the same message-id/],
    sample: '421-4.7.28 Gmail has detected this message exceeded its quota for sending messages with the same Message-ID:.',
  },
  {
    id: 'google-direct-ip',
    class: 'relay-denied',
    words: [/the ip you.re using to send (mail|email) is not authorized/],
    sample: "550-5.7.1 [192.0.2.1] The IP you're using to send mail is not authorized to send email directly to our servers.",
  },
  {
    id: 'google-relay',
    class: 'relay-denied',
    words: [/mail relay denied|invalid credentials for relay/],
    sample: '550-5.7.0 Mail relay denied [192.0.2.1]. Invalid credentials for relay for one of the domains in: example.org',
  },
  {
    id: 'google-tls',
    class: 'tls',
    words: [/tls required for rcpt domain|was ?n.t sent over a tls connection|was not sent over a tls/],
    sample: '421 4.7.0 TLS required for RCPT domain, closing connection.',
  },
  {
    id: 'google-unsolicited',
    class: 'spam-content',
    words: [
      /this message is (likely )?(unsolicited|suspicious due to the nature)|this message is likely suspicious|likely unsolicited mail|\?p=unsolicitedmessageerror/,
    ],
    sample:
      '550-5.7.1 [192.0.2.1] Our system has detected that this message is likely unsolicited mail. https://support.google.com/mail/?p=UnsolicitedMessageError',
  },
  {
    id: 'google-group-spam',
    class: 'spam-content',
    words: [/e-?mail to group .{0,80}was rejected due to spam/],
    sample:
      'Your email to group board@example.com was rejected due to spam classification. The owner of the group can choose to enable moderation.',
  },
  {
    // Written in the language of the reader; the link is the same in all of them.
    id: 'google-group-closed',
    class: 'sender-rejected',
    words: [/groups\.google\.com\/support|the group you tried to contact/],
    sample:
      "We're writing to let you know that the group you tried to contact (board) may not exist, or you may not have permission to post messages to it.",
  },
  {
    id: 'google-rfc5322',
    class: 'content',
    words: [
      /not rfc ?5?[38]22 compliant|(messages?|is) missing a valid (message-id|address in)|disallowed header/,
      /encoded-word syntax is not permitted|multiple addresses in from/,
      /message does not have .{0,20}from: header/,
    ],
    sample: '550-5.7.1 This message is not RFC 5322 compliant because it has duplicate From headers.',
  },
  {
    id: 'google-dangerous-content',
    class: 'virus',
    words: [/content presents a potential security (issue|risk)/],
    sample:
      '552-5.7.0 This message was blocked because its content presents a potential security issue. https://support.google.com/mail/?p=BlockedMessage',
  },
  {
    id: 'google-illegal-attachment',
    class: 'policy',
    words: [/illegal attachment/],
    sample: '552 5.7.0 Our system detected an illegal attachment on your message.',
  },
  {
    id: 'google-too-large',
    class: 'message-too-large',
    words: [/exceeds?(ed)? google.s (message size|limit)|\?p=maxsizeerror/],
    sample: "552-5.2.3 Your message exceeded Google's message size limits. https://support.google.com/mail/?p=MaxSizeError - gsmtp",
  },
  {
    id: 'google-sender-syntax',
    class: 'content',
    words: [/sender address .{0,80}is not a valid rfc ?5321/],
    sample: '553-5.1.7 The sender address <news@> is not a valid RFC 5321 address.',
  },
  {
    id: 'google-recipient-domain',
    class: 'invalid-recipient',
    words: [/able to find the recipient domain/],
    suppress: false,
    sample: "553-5.1.2 We weren't able to find the recipient domain. Please check for any spelling errors",
  },
  {
    id: 'google-helo',
    class: 'ip-reputation',
    words: [/helo\/ehlo argument .{0,60}invalid|\?p=helo/],
    sample: '501-5.5.4 HELO/EHLO argument "x" invalid, closing connection. https://support.google.com/mail/?p=helo',
  },
  {
    id: 'google-closing',
    class: 'ip-reputation',
    words: [/try again later, closing connection/],
    sample: '421-4.7.0 Try again later, closing connection. (EHLO) https://support.google.com/mail/answer/188131',
  },
];
