// This file holds stock sentences of mail servers that the generic words would misread: cPanel's limits, Exim, Postfix, sendmail, qmail with its patches, Courier, Domino, CommuniGate,
// hMailServer, Haraka, PowerMTA, Amazon SES, SendGrid, Mailgun. They are written by programs, so that their wording is the same everywhere.
import type { ReplyRule } from './rule.ts';

export const SERVER_RULES: readonly ReplyRule[] = [
  // ── lists of addresses that a provider of ours keeps ──────────────────────────────────────────────────────────────────────
  {
    id: 'provider-suppressed',
    class: 'inactive-mailbox',
    words: [
      /has suppressed sending to this address|(?:address|recipient) (?:is|was|has been) suppressed|(?:address|recipient) is (?:on|in) (?:the|your|our|an?) (?:account |account-level |global )?suppression list|on the suppression list for your account/,
      /not (?:delivering|sending) to (?:a )?previously (?:bounced|complained|unsubscribed)|^(?:\d{3} )?bounced address\b|previously unsubscribed/,
    ],
    suppress: false,
    sample:
      '550 5.1.1 Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address.',
  },
  {
    id: 'provider-unverified',
    class: 'policy',
    words: [/email address is not verified|identities failed the check|(?:from )?address does not match a verified sender/],
    sample:
      '554 Message rejected: Email address is not verified. The following identities failed the check in region US-EAST-1: news@verein.example',
  },
  {
    id: 'provider-account',
    class: 'operator',
    words: [
      /maximum credits|sending (?:is |has been )?(?:paused|disabled|suspended|blocked) (?:for|from) (?:this|your) account/,
      /(?:sending|submission|outgoing (?:mail|e-?mail)) (?:for|from|by) (?:this|your) (?:account|user|mail ?box) (?:is|has been|was) (?:paused|disabled|suspended|blocked)/,
      /your (?:\w{2,12} )?account (?:is|has been|was) (?:temporarily )?(?:paused|disabled|suspended|blocked|locked|not allowed to send)/,
    ],
    sample: '451 Authentication failed: Maximum credits exceeded',
  },
  // ── cPanel (Exim) ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'cpanel-per-hour',
    class: 'rate-limited',
    words: [/has exceeded the max (?:emails|defers and failures) per hour/],
    sample: 'Domain club.example has exceeded the max emails per hour (151/150 (100%)) allowed. Message discarded.',
  },
  // ── Exim ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'exim-cached-callout',
    class: 'sender-rejected',
    words: [/previous \(cached\) callout verification failure/],
    code: /^(?!.* 5\.1\.1\b)/,
    sample: '550 Previous (cached) callout verification failure',
  },
  {
    // Exim's own example of a configuration, of the local part of the recipient.
    id: 'exim-restricted-characters',
    class: 'invalid-recipient',
    words: [/restricted characters in address/],
    suppress: false,
    sample: '550 Restricted characters in address',
  },
  {
    id: 'exim-hosts-failing',
    class: 'expired',
    words: [/have been failing for a long time/],
    sample: "all hosts for 'club.example' have been failing for a long time (and retry time not reached)",
  },
  {
    id: 'exim-tls',
    class: 'tls',
    words: [
      /a tls session is required|tls session: |tls (?:negotiation|handshake) fail|cannot start tls|tls is required, but was not offered|certificate (?:verif\w+ fail|not (?:verified|trusted))/,
    ],
    sample: 'a TLS session is required, but the server did not offer TLS support',
  },
  {
    id: 'exim-line-length',
    class: 'content',
    words: [/maximum allowed line length|lines? too long for transport|header line (?:is )?too long/],
    sample: '550 maximum allowed line length is 998 octets, got 4312',
  },
  {
    id: 'exim-hello-syntax',
    class: 'ip-reputation',
    words: [/(?:helo|ehlo)(?:\/(?:helo|ehlo))? (?:argument\(?s?\)? )?(?:is |are )?(?:syntactically|invalid)|invalid (?:helo|ehlo) name/],
    sample: '501 Syntactically invalid HELO argument(s): EHLO syntactically invalid',
  },
  {
    // Postfix stops with these words, whichever restriction it was about to ask.
    id: 'postfix-configuration',
    class: 'system',
    words: [/rejected: server configuration (?:error|problem)/],
    sample: '451 4.3.5 <mx.verein.example[198.51.100.7]>: Client host rejected: Server configuration error',
  },
  // ── Postfix ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'postfix-probe-unknown',
    class: 'invalid-recipient',
    words: [/recipient address rejected: (?:undeliverable address|address lookup failed)/],
    code: /^5/,
    sample: '550 5.1.1 <gone@club.example>: Recipient address rejected: undeliverable address: unknown user: "gone"',
  },
  {
    id: 'postfix-probe-unverified',
    class: 'system',
    words: [/recipient address rejected: (?:unverified address|address verification in progress)(?!.{0,120} said: (?!4))/],
    sample: '450 4.1.1 <member@club.example>: Recipient address rejected: unverified address: Address verification in progress',
  },
  {
    id: 'postfix-primary-relay',
    class: 'network',
    words: [
      /unable to find primary relay|loops back to myself|mail for .{1,80} loops|forwarding loop|loop (?:broken|for)|no route to host|network is unreachable/,
    ],
    sample: 'unable to find primary relay for club.example',
  },
  {
    id: 'postfix-bounce-to-many',
    class: 'policy',
    words: [/multi-recipient bounce|bounces? (?:are )?(?:never )?sent to (?:more than one|multiple|several)/],
    sample: '550 5.5.3 <DATA>: Data command rejected: Multi-recipient bounce',
  },
  {
    id: 'smtputf8-missing',
    class: 'protocol',
    words: [/smtputf8 (?:is |was )?(?:required|not)|(?:not|does not) (?:support|offer) smtputf8/],
    code: /\d/,
    sample: '5.6.7 SMTPUTF8 is required, but was not offered by host mx.club.example[192.0.2.3]',
  },
  // ── sendmail ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'sendmail-files',
    class: 'system',
    words: [
      /can.?t create (?:output|\()|cannot open (?:file|hash|database|\/)|\.forward: |open timeout on \/|transient parse error|operating system error|buffer overflow|mailer .{0,20}died/,
    ],
    sample: "550 /home/user/.forward: line 1: /archive... Can't create output: Permission denied",
  },
  {
    id: 'sendmail-sender-name',
    class: 'sender-rejected',
    words: [
      /(?:domain|hostname|real domain name) required for sender|sender(?:'s)? domain must|from:? ?domain must|(?:sender |^\d{3} (?:5\.\d\.\d )?)domain must (?:exist|resolve)/,
    ],
    sample: '451 From:domain must resolve',
  },
  // ── qmail, netqmail, chkuser, simscan, Courier ────────────────────────────────────────────────────────────────────────────
  {
    // The list of valid recipients is a patch of its own, which gives any code.
    id: 'qmail-valid-recipients',
    class: 'invalid-recipient',
    words: [
      /recipient (?:is )?not in (?:my|our|the) (?:validrcptto|valid ?(?:rcpt|recipients?)(?: to)?|recipients?) (?:list|file|table|map)/,
    ],
    sample: '553 sorry, this recipient is not in my validrcptto list (#5.7.1)',
  },
  {
    id: 'qmail-best-preference',
    class: 'network',
    words: [/listed as a best-preference mx|this message is looping|already has my delivered-to/],
    sample: "Sorry. Although I'm listed as a best-preference MX or A for that host, it isn't in my control/locals file (#5.4.6)",
  },
  {
    id: 'qmail-no-exchanger',
    class: 'bad-domain',
    words: [/couldn.t find (?:any host named|a mail exchanger)|could not find (?:any host named|a mail exchanger)/],
    sample: "Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)",
  },
  {
    id: 'qmail-local-trouble',
    class: 'system',
    words: [
      /home directory is writable|has wrong owner|unable to chdir to maildir|temporary error on maildir|file has been locked for|uh-oh:|mail server temporarily rejected message/,
    ],
    sample: 'Unable to chdir to maildir. (#4.2.1)',
  },
  {
    id: 'qmail-bad-lists',
    class: 'sender-rejected',
    words: [/in my badmailfrom|badmailfrom list|envelope sender is in my/],
    sample: '553 sorry, your envelope sender is in my badmailfrom list (#5.7.1)',
  },
  {
    id: 'qmail-bad-recipient',
    class: 'recipient-filtered',
    words: [/bad ?(?:rcpt|recipient) ?to\b/],
    sample: '553 sorry, this recipient is in my badrecipientto list (#5.7.1)',
  },
  // ── Domino, GroupWise, CommuniGate ────────────────────────────────────────────────────────────────────────────────────────
  {
    id: 'domino-no-route',
    class: 'bad-domain',
    words: [/no route found to domain|unknown domain name/],
    sample: 'No route found to domain nowhere.example from server MAIL/Example. Check DNS configuration.',
  },
  {
    id: 'domino-no-answer',
    class: 'network',
    words: [/router: failed to connect to smtp host|remote system no longer responding/],
    sample: 'Router: Failed to connect to SMTP host MX.CLUB.EXAMPLE because: The remote server is not responding to a connection attempt',
  },
  {
    id: 'domino-mail-file',
    class: 'system',
    words: [
      /unable to open mail file|cannot route mail to user(?!.*quota)|unable to deliver (?:message|mail) to .{0,80}\.nsf|error in routing/,
    ],
    sample: 'Unable to open mail file mail\\gone.nsf: File does not exist',
  },
  {
    id: 'domino-restrictions',
    class: 'policy',
    words: [/mail server restrictions do not allow|restrictions? (?:do|does) not allow you to/],
    sample: 'Mail server restrictions do not allow you to send to this recipient',
  },
  {
    id: 'communigate-full',
    class: 'mailbox-full',
    words: [/account is full|user has reached (?:the )?(?:mail ?box |storage )?limit|mail file is over its quota/],
    sample: 'LOCAL module(account full) reports: account is full (quota exceeded)',
  },
  // ── hMailServer, Haraka, PowerMTA, OpenSMTPD ──────────────────────────────────────────────────────────────────────────────
  {
    id: 'hmailserver-not-here',
    class: 'relay-denied',
    words: [/delivery is not allowed to this address/],
    sample: '550 Delivery is not allowed to this address.',
  },
  {
    id: 'haraka-no-mail-for',
    class: 'relay-denied',
    words: [/i cannot deliver (?:mail )?for/],
    sample: '550 I cannot deliver mail for <member@club.example>',
  },
  {
    id: 'powermta-route',
    class: 'bad-domain',
    words: [/^(?!.*temporar).{0,80}(?:bad destination system: no such domain|no mail hosts for domain)/],
    sample: '5.1.2 (bad destination system: no such domain)',
  },
  {
    id: 'powermta-expired',
    class: 'expired',
    words: [/\(delivery time expired\)|message (?:is )?too old|expired before delivery/],
    sample: '4.4.7 (delivery time expired)',
  },
  {
    id: 'opensmtpd-rejects-all',
    class: 'network',
    words: [/destination seems? to reject all mails/],
    sample: 'Destination seem to reject all mails',
  },
];
