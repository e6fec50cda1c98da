// This file holds the words of mail servers themselves, where no receiver answered: Postfix, Exim, sendmail, qmail, Exchange. They are asked before the
// generic rules, whose words ("connection refused", "not found") mean our host when a receiver says them.
import { near, type ReplyRule } from './rule.ts';

/** No basic code stands in front: the sending side speaks. */
const NO_REPLY = /^(?: |421 4\.4\.)/;

export const MTA_RULES: readonly ReplyRule[] = [
  {
    // Waiting too long for DNS is a matter of DNS, however the attempts ended.
    id: 'mta-lookup',
    class: 'network',
    code: NO_REPLY,
    words: [/host name lookup failure|cname lookup failed/],
    sample: 'Deferred: Name server: example.com.: host name lookup failure',
  },
  {
    id: 'mta-connection',
    class: 'network',
    code: NO_REPLY,
    words: [/connection refused by [\w.-]{3,255}\.?(?:$| message)|closed connection in response/],
    sample: 'Deferred: Connection refused by mx.example.com.',
  },
  {
    id: 'mta-no-mail-service',
    class: 'domain-not-accepting',
    words: [/(?:mx|srv)(?: or srv)? record indicated no smtp service/],
    sample: 'an MX or SRV record indicated no SMTP service',
  },
  {
    id: 'mta-no-host',
    class: 'bad-domain',
    words: [/relevant mx records point to non-?existent hosts|mx records? .{0,30}(?:point to|resolve to) (?:nothing|non-?existent)/],
    sample: 'all relevant MX records point to non-existent hosts',
  },
  {
    id: 'mta-mailbox-limit',
    class: 'mailbox-full',
    words: [/(?:error writing message|cannot (?:update|append to) mailbox .{0,120}): ?(?:file too large|disk quota)/],
    sample: 'cannot update mailbox /var/mail/user for user user. error writing message: File too large',
  },
  {
    id: 'imail-mailbox-size',
    class: 'mailbox-full',
    words: [/mail ?box exceeds (?:the )?(?:allowed|maximum) size/],
    sample: 'User mailbox exceeds allowed size: user@example.com',
  },
  {
    // Gateways to telephones: MM is a multimedia message.
    id: 'mms-no-recipient',
    class: 'invalid-recipient',
    words: [/no valid recipients for this mm\b/],
    suppress: false,
    sample: 'Error: No valid recipients for this MM',
  },
  {
    // Postfix, of its own tables: nothing was asked of DNS.
    id: 'mta-table',
    class: 'system',
    code: / 4\.3\.0$/,
    words: [/temporary lookup failure/],
    sample: '451 4.3.0 <user@example.com>: Temporary lookup failure',
  },
  {
    // RFC 5321 §4.2.3: a mailbox that is busy or blocked for a while.
    id: 'mailbox-busy',
    class: 'system',
    code: /^45\d (?!4\.1\.1|4\.2\.)/,
    words: [/action not taken[ :-]+(?:4\.\d\.\d )?mail ?box (?:is )?(?:unavailable|not available|busy)/],
    sample: '450 Requested mail action not taken: mailbox unavailable',
  },
  {
    // Exim quotes the answer to its question about our sender, "no such user" included.
    id: 'sender-verify',
    class: 'sender-rejected',
    words: [/^\d{3}[- ](?:5\.\d\.\d )?verification failed for|sender verify failed|callback setup failed|while verifying <?addr/],
    code: /^(?!.* [45]\.1\.1\b)[45]/,
    sample: '550-Verification failed for <news@example.org> The mail server does not accept bounces: no such user 550 Sender verify failed',
  },
  {
    id: 'relaying-denied',
    class: 'relay-denied',
    words: [/\brelaying (?:denied|disallowed|prohibited|not (?:allowed|permitted))/],
    sample: '550 5.7.1 <user@example.com>... Relaying denied. IP name lookup failed [192.0.2.1]',
  },
  {
    id: 'starttls-order',
    class: 'protocol',
    words: [/starttls may not be repeated|after starttls|smtp protocol violation|mixing data and bdat/],
    sample: '454 4.5.0 SMTP protocol violation, no commands allowed to pipeline after STARTTLS',
  },
  {
    id: 'bare-line-feed',
    class: 'content',
    words: [/smtplf\.html|stray newline/],
    sample: '451 See http://pobox.com/~djb/docs/smtplf.html.',
  },
  {
    id: 'exchange-size',
    class: 'message-too-large',
    words: [/resolver\.rst\.(?:recip|send)sizelimit|routing\.sizelimit/],
    sample: '550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient',
  },
  {
    // Exchange, of a recipient that takes mail only from people of its own organisation: a rule of the site, not of the person.
    id: 'exchange-login',
    class: 'policy',
    words: [/resolver\.rst\.authrequired/],
    sample: '550 5.7.1 RESOLVER.RST.AuthRequired; authentication required',
  },
  {
    id: 'recipient-blocked-us',
    class: 'recipient-filtered',
    words: [
      /(?:recipient|user|addressee|customer) (?:has |have )?(?:blocked|blacklisted|refused) (?:you|your|the sender|messages?|mail|e-?mail)/,
      /(?:sender|you|your (?:address|e-?mail)) (?:is |are |was |were )?(?:blocked|refused) by (?:the |this )?(?:recipient|user|addressee)/,
    ],
    sample: '554 5.7.1 Recipient has blocked your address',
  },
  {
    id: 'spam-source',
    class: 'ip-reputation',
    words: [
      near(
        'your (?:ip|server|host|network|mail ?server|system)|\\bip(?: address)?\\b|connection refused',
        30,
        'source of spam|sen(?:d|t|ds|ding) spam',
      ),
      near('spam(?: messages?| mails?)?', 12, 'from your (?:ip|server|host|network)'),
    ],
    sample: '550 Connection refused: your server is a source of spam',
  },
  {
    id: 'attachment-refused',
    class: 'policy',
    words: [
      near(
        '\\battachments?\\b|\\bfile (?:name|type|extension)|\\.(?:exe|zip|scr|js|bat)\\b',
        40,
        'block|not (?:allowed|accepted|permitted)|banned|prohibited|refused|reject',
      ),
    ],
    sample: '554 5.7.1 The file invoice.exe has been blocked',
  },
];
