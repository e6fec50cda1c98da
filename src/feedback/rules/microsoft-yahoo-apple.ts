// This file holds rules for single receivers: Microsoft, Yahoo and AOL, Apple.
import type { ReplyRule } from './rule.ts';

export const MICROSOFT_YAHOO_APPLE_RULES: readonly ReplyRule[] = [
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
      /resolver\.rst\.(?!authrequired|recipsizelimit|sendsizelimit)\w+|restricted to specific senders/,
      /not permitted to send (mail|messages?) to this (recipient|group)|approvalrequired/,
    ],
    sample: '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required',
  },
  {
    id: 'microsoft-store-quota',
    class: 'mailbox-full',
    words: [/(?<!submission)quotaexceeded|storedrv\.\w+[;:] mail ?box (is )?full/],
    sample: '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded',
  },
  {
    id: 'microsoft-store-disabled',
    class: 'inactive-mailbox',
    words: [/mailbox ?disabled ?exception|accountdisabledexception|mailboxdisabled|storedrv\.\w+[;:] mail ?box (is )?disabled/],
    sample: '550 5.2.1 STOREDRV.Deliver: mailbox disabled; AccountDisabledException',
  },
  {
    id: 'microsoft-send-as',
    class: 'sender-rejected',
    words: [/sendasdenied|send ?as ?denied|mapiexceptionsendasdenied/],
    sample: '554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Cannot submit message.',
  },
  {
    id: 'microsoft-thread-limit',
    class: 'rate-limited',
    words: [/storedrv\.\w{3,20}; (?:recipient|sender) thread limit|submissionquotaexceeded/],
    sample: '432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded',
  },
  {
    id: 'microsoft-store',
    class: 'system',
    words: [/storedrv\.(deliver|submit)(?!.{0,120}quarantin)/],
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
    words: [
      /messages from .{0,60}were ?n.t (sent|delivered)|network is on our block list|\(s3150\)|\(s3140\)|block has been placed against your ip/,
    ],
    sample: "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. part of their network is on our block list (S3140).",
  },
  {
    id: 'microsoft-rate-connections',
    class: 'rate-limited',
    words: [/exceeded the maximum number of connections|\(s3115\)|\(s311[4-9]\)|exceeded the connection limit/],
    code: /^[45]/,
    sample: '451 4.7.652 The mail server [198.51.100.7] has exceeded the maximum number of connections. (S3115)',
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
      /\bvs1-(?:ip|mf)\b|excessive unknown recipients|messages? temporarily deferred - \[?#?4\.16/,
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
    // Without a reply code it is not known what was refused: the recipient, or the mail after DATA.
    id: 'yahoo-no-account-unsaid',
    class: 'recipient-filtered',
    code: /^ $/,
    words: [/^this user does ?n.t have a [\w.]{1,60} account/],
    suppress: false,
    sample: "This user doesn't have a example.com account (user@example.com) [0]",
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
    sample: '554 30 Sorry, your message to member@yahoo.com cannot be delivered. This mailbox is disabled (554.30).',
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
