// This file holds rules for single receivers, first part: Google, Microsoft, Yahoo/AOL, Apple. Their documentation gives the same basic code
// to opposite meanings, so these come before every generic rule.
import type { ReplyRule } from './rule.ts';

export const GLOBAL_RECEIVER_RULES: readonly ReplyRule[] = [
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
    words: [/smtp relay (sending )?limit exceeded|daily (user )?sending (quota|limit) exceeded/, /sending limits? exceeded/],
    sample: '550 5.4.5 Daily SMTP relay sending limit exceeded for user. https://support.google.com/a/answer/166852',
  },
  {
    id: 'google-spf-rate',
    class: 'auth-failure',
    words: [
      /spf record of the sending domain has|(spf|dkim) authentication did ?n.t pass/,
      /rate limited because (spf|dkim|dmarc|this (message|mail) .{0,20}authenticat)/,
    ],
    sample: "421-4.7.27 Your email has been rate limited because SPF authentication didn't pass for this message.",
  },
  {
    id: 'google-unauthenticated',
    class: 'auth-failure',
    words: [
      /unauthenticated email from|this (mail|message) is unauthenticated/,
      /(mail|message) .{0,30}does not have authentication information/,
      /this mail has been blocked because the sender is unauthenticated/,
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
    words: [/very low reputation of the sending|suspicious due to the (very low|nature)/, /low reputation of the sending (ip|domain)/],
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
    words: [/this message is likely (unsolicited|suspicious)|likely unsolicited mail|\?p=unsolicitedmessageerror/],
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
      /not rfc ?5?[38]22 compliant|messages? missing a valid (message-id|address in)|disallowed header/,
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
  // ── Microsoft: learn.microsoft.com "NDR error codes in Exchange Online", postmaster.live.com ─────────────────────────────
  {
    id: 'microsoft-dbeb',
    class: 'invalid-recipient',
    code: / 5\.4\.1$/,
    words: [/recipient address rejected: access denied/],
    sample: '550 5.4.1 Recipient address rejected: Access denied. [DB5EUR01FT001.eop-EUR01.prod.protection.outlook.com]',
  },
  {
    id: 'microsoft-all-refused',
    class: 'sender-rejected',
    code: / 5\.4\.1$/,
    words: [/all recipient addresses rejected/],
    sample: '550 5.4.1 All recipient addresses rejected : Access denied [AM7EUR03FT001.eop-EUR03.prod.protection.outlook.com]',
  },
  {
    id: 'microsoft-not-found',
    class: 'invalid-recipient',
    words: [/recipientnotfound|recipient not found by smtp address lookup|resolver\.adr\.(recip|exrecip)\w*notfound/],
    sample: '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
  },
  {
    id: 'microsoft-recipient-closed',
    class: 'recipient-filtered',
    words: [
      /resolver\.rst\.\w+|restricted to specific senders/,
      /not permitted to send (mail|messages?) to this (recipient|group)|approvalrequired/,
    ],
    sample: '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required',
  },
  {
    id: 'microsoft-store-quota',
    class: 'mailbox-full',
    words: [/quotaexceededexception|mapiexceptionshutoffquotaexceeded|quotaexceeded/],
    sample: '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded',
  },
  {
    id: 'microsoft-store-disabled',
    class: 'inactive-mailbox',
    words: [/mailbox ?disabled ?exception|accountdisabledexception|mailboxdisabled/],
    sample: '550 5.2.1 STOREDRV.Deliver: mailbox disabled; AccountDisabledException',
  },
  {
    id: 'microsoft-store',
    class: 'system',
    words: [/storedrv\.(deliver|submit)/],
    sample: '432 4.3.2 STOREDRV.Deliver; dynamic mailbox database throttling limit exceeded',
  },
  {
    id: 'microsoft-dmarc',
    class: 'auth-failure',
    words: [
      /does(n.t| not) pass dmarc|(does not|doesn.t) meet the required authentication level/,
      /(access denied|blocked).{0,60}(spf|dkim|dmarc)/,
    ],
    sample: '550 5.7.515 Access denied, sending domain example.org does not meet the required authentication level.',
  },
  {
    id: 'microsoft-banned-ip',
    class: 'ip-reputation',
    words: [
      /banned send(ing ip|er)|access denied, traffic not accepted from this ip|sender\.office\.com/,
      /delist\.protection\.outlook|service unavailable, client host .{0,60}blocked using/,
    ],
    sample: '550 5.7.606 Access denied, banned sending IP [192.0.2.1]. To request removal visit https://sender.office.com/',
  },
  {
    id: 'microsoft-block-list',
    class: 'ip-reputation',
    words: [/messages from .{0,60}were ?n.t (sent|delivered)|network is on our block list|\(s3150\)|\(s3140\)/],
    sample: "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. part of their network is on our block list (S3140).",
  },
  {
    id: 'microsoft-rate-connections',
    class: 'rate-limited',
    words: [/exceeded the maximum number of connections|\(s3115\)|\(s311[4-9]\)|exceeded the connection limit/],
    code: /^[45]/,
    sample: '451 4.7.652 The mail server [192.0.2.1] has exceeded the maximum number of connections. (S3115)',
  },
  {
    id: 'microsoft-rate-reputation',
    class: 'ip-reputation',
    words: [/temporarily rate limited due to ip reputation|\(s77[0-9]\)|\(s843\)/],
    sample: '451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation. (S775)',
  },
  {
    id: 'microsoft-busy',
    class: 'system',
    words: [/server busy\. please try again later from|suspiciousremoteservererror|connection was closed abruptly/],
    sample: '451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (AS77712311)',
  },
  {
    id: 'microsoft-spam',
    class: 'spam-content',
    words: [/message (was )?rejected as spam by content filtering|\bas780090\b/],
    sample: '550 5.7.520 Message rejected as spam by Content Filtering.',
  },
  {
    id: 'microsoft-tenant-limit',
    class: 'rate-limited',
    words: [
      /exceeded.{0,30}(sending|receiving|recipient) (limit|rate)|submission quota exceeded/,
      /recipient .{0,30}threshold exceeded|hop count exceeded for tenant/,
    ],
    sample: "550 5.7.233 Your message can't be sent because your tenant exceeded its daily limit; tenant has exceeded the sending limit",
  },
  {
    id: 'microsoft-tenant-attribution',
    class: 'relay-denied',
    words: [/tenantattribution|tenantinboundattribution|relay access denied smtp/],
    sample: '550 5.7.64 TenantAttribution; Relay Access Denied SMTP',
  },
  {
    id: 'microsoft-outlook-no-mailbox',
    class: 'invalid-recipient',
    words: [/requested action not taken: mailbox unavailable \((?:s\d{6,12}|-?\d+:\d+:-?\d+)\)/],
    sample: '550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).',
  },
  // ── Yahoo, AOL: senders.yahooinc.com/smtp-error-codes ─────────────────────────────────────────────────────────────────────
  {
    id: 'yahoo-block-list',
    class: 'ip-reputation',
    words: [/\[bl\d{2}\]|connections (will not be|not) accepted from/],
    sample: "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list",
  },
  {
    id: 'yahoo-volume-or-complaints',
    class: 'ip-reputation',
    words: [
      /\[(ip)?tss?\d{2}\]|temporarily deferred due to (unexpected|user complaints|excessive|volume)/,
      /permanently deferred|all messages from .{0,50}will be permanently deferred/,
    ],
    sample: '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints',
  },
  {
    id: 'yahoo-greylist',
    class: 'greylist',
    words: [/\[gl\d\d\]/],
    sample: '421 4.7.0 [GL01] Message from (192.0.2.1) temporarily deferred - 4.16.50.',
  },
  {
    id: 'yahoo-receiving-rate',
    class: 'rate-limited',
    words: [/user is receiving mail too quickly/],
    sample: '450 User is receiving mail too quickly',
  },
  {
    id: 'yahoo-no-account',
    class: 'invalid-recipient',
    words: [
      /this user does ?n.t have a [\w.]{1,60} account|delivery error: dd not a valid recipient/,
      /requested mail action aborted, mailbox not found/,
    ],
    sample: "554 delivery error: dd This user doesn't have a yahoo.com account (user@yahoo.com) [0] - mta1.mail.ne1.yahoo.com",
  },
  {
    id: 'yahoo-disabled',
    class: 'inactive-mailbox',
    words: [
      /\(554\.30\)|account has been disabled or discontinued/,
      /delivery error: dd .{0,90}(is no longer valid|no longer (exists?|accepts))/,
    ],
    sample: '554 30 Sorry, your message to user@yahoo.com cannot be delivered. This mailbox is disabled (554.30).',
  },
  {
    id: 'yahoo-policy',
    class: 'spam-content',
    words: [/message not allowed - \[(ph01|uur)|\[pr0[12]\]/, /\[ph0[12]\]/],
    sample: '554 Message not allowed - [PH01] Email not accepted for policy reasons.',
  },
  {
    id: 'aol-reputation',
    class: 'ip-reputation',
    words: [/\((rtr|dyn|ipd|hvu):\w{1,5}\)|\brly:(b[1-9]|ch|cs|ni|bd|nw|ad|ob|in|sn)\b|\bdns:(nr|b[1-9])\b/],
    sample: '554 5.7.1 (RTR:BL) https://postmaster.aol.com/error-codes',
  },
  {
    id: 'aol-content',
    class: 'spam-content',
    words: [/\b(con|hvu|urs):(b[1-9])\b/],
    sample: '521 5.2.1 : (CON:B1) https://postmaster.aol.com/error-codes#554conb1',
  },
  // ── Apple: support.apple.com/102322 ───────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'apple-local-policy',
    class: 'ip-reputation',
    words: [/\[c[ls]\d{2}\]|support\.apple\.com\/.{0,30}(message|mail) rejected due to local policy/],
    sample: '554 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137',
  },
  {
    id: 'apple-hm08',
    class: 'spam-content',
    words: [/\[hm0\d\]/],
    sample: '550 5.7.1 [HM08] Message rejected due to local policy. https://support.apple.com/en-us/HT204137',
  },
  {
    id: 'apple-volume',
    class: 'rate-limited',
    words: [/deferred due to excessive volume/],
    sample: '421 4.7.1 Messages to user@icloud.com deferred due to excessive volume. Try again later',
  },
];
