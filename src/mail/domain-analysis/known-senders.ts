// This file is a list of those who send mail for many: by the domain they sign with, the names of their servers, the envelope senders they use, and their address ranges. Names
// decide first, because they are looked up afresh; ranges stand for those that have none. Sources: the services' own documentation of SPF, DKIM and server names, and the SPF
// records that `source` names. A range that has moved on does no harm: the source is then called by its name or network.

export interface KnownSender {
  readonly name: string;
  /** provider: people send through it. forwarder: it only passes mail on. */
  readonly kind: 'provider' | 'forwarder';
  /** Ends of the names of its servers (reverse DNS, confirmed). */
  readonly hosts: readonly string[];
  /** Domains it signs with when a customer has none of their own. */
  readonly signs?: readonly string[];
  /** Domains of its own envelope senders. */
  readonly envelopes?: readonly string[];
  readonly ranges?: readonly string[];
  /** Where the ranges are published. */
  readonly source?: string;
}

export const KNOWN_SENDERS: readonly KnownSender[] = [
  {
    name: 'SparkPost',
    kind: 'provider',
    hosts: ['sparkpostmail.com', 'sparkpost.com', 'messagebird.com'],
    signs: ['sparkpostmail.com'],
    envelopes: ['sparkpostmail.com'],
  },
  {
    name: 'Elastic Email',
    kind: 'provider',
    hosts: ['elasticemail.com', 'elasticemail.net', 'elasticemail.info'],
    signs: ['elasticemail.com'],
    envelopes: ['elasticemail.com'],
  },
  {
    name: 'Mailchimp and Mandrill',
    kind: 'provider',
    hosts: ['mandrillapp.com', 'mcsv.net', 'mcdlv.net', 'rsgsv.net'],
    signs: ['mandrillapp.com', 'mcsv.net', 'mailchimpapp.net'],
    envelopes: ['mandrillapp.com', 'mcsv.net', 'mcdlv.net', 'rsgsv.net'],
    ranges: ['198.2.128.0/18', '148.105.8.0/21', '205.201.128.0/20'],
    source: 'SPF of servers.mcsv.net and spf.mandrillapp.com',
  },
  {
    name: 'Amazon SES',
    kind: 'provider',
    hosts: ['amazonses.com'],
    signs: ['amazonses.com'],
    envelopes: ['amazonses.com'],
    ranges: [
      '199.255.192.0/22',
      '199.127.232.0/22',
      '54.240.0.0/18',
      '69.169.224.0/20',
      '23.249.208.0/20',
      '23.251.224.0/19',
      '76.223.176.0/20',
    ],
    source: 'SPF of amazonses.com',
  },
  {
    name: 'SendGrid',
    kind: 'provider',
    hosts: ['sendgrid.net'],
    signs: ['sendgrid.net', 'sendgrid.me'],
    envelopes: ['sendgrid.net'],
    ranges: [
      '167.89.0.0/17',
      '208.117.48.0/20',
      '50.31.32.0/19',
      '198.37.144.0/20',
      '198.21.0.0/21',
      '192.254.112.0/20',
      '168.245.0.0/17',
      '149.72.0.0/16',
      '159.183.0.0/16',
    ],
    source: 'SPF of sendgrid.net',
  },
  {
    name: 'Mailgun',
    kind: 'provider',
    hosts: ['mailgun.net', 'mailgun.org', 'mailgun.co'],
    signs: ['mailgun.org', 'mailgun.net'],
    envelopes: ['mailgun.org', 'mailgun.net'],
  },
  { name: 'Postmark', kind: 'provider', hosts: ['mtasv.net', 'postmarkapp.com'], signs: ['mtasv.net'], envelopes: ['mtasv.net'] },
  {
    name: 'Brevo',
    kind: 'provider',
    hosts: ['sendinblue.com', 'mailin.fr', 'brevo.com', 'd.mailin.fr'],
    signs: ['sendinblue.com', 'mailin.fr', 'brevosend.com'],
    envelopes: ['sendinblue.com', 'mailin.fr', 'brevosend.com'],
  },
  { name: 'Mailjet', kind: 'provider', hosts: ['mailjet.com'], signs: ['mailjet.com'], envelopes: ['mailjet.com'] },
  { name: 'Resend', kind: 'provider', hosts: ['resend.com'], signs: ['resend.com', 'resend.dev'] },
  {
    name: 'CleverReach',
    kind: 'provider',
    hosts: ['cleverreach.com', 'crsend.com'],
    signs: ['cleverreach.com', 'crsend.com'],
    envelopes: ['crsend.com'],
  },
  { name: 'rapidmail', kind: 'provider', hosts: ['rapidmail.com', 'emailsys.net', 'emailsys1a.net'], envelopes: ['emailsys1a.net'] },
  {
    name: 'Google',
    kind: 'provider',
    hosts: ['google.com', 'googlemail.com'],
    signs: ['gappssmtp.com', 'gmail.com', 'google.com'],
    envelopes: ['gmail.com', 'google.com'],
    ranges: [
      ...[
        '35.190.247.0/24',
        '64.233.160.0/19',
        '66.102.0.0/20',
        '66.249.80.0/20',
        '72.14.192.0/18',
        '74.125.0.0/16',
        '108.177.8.0/21',
        '173.194.0.0/16',
      ],
      ...[
        '209.85.128.0/17',
        '216.58.192.0/19',
        '216.239.32.0/19',
        '2001:4860:4000::/36',
        '2404:6800:4000::/36',
        '2607:f8b0:4000::/36',
        '2a00:1450:4000::/36',
      ],
    ],
    source: 'SPF of _spf.google.com',
  },
  {
    name: 'Microsoft 365',
    kind: 'provider',
    hosts: ['outlook.com', 'protection.outlook.com'],
    signs: ['onmicrosoft.com', 'outlook.com'],
    envelopes: ['onmicrosoft.com', 'outlook.com'],
    ranges: [
      '40.92.0.0/15',
      '40.107.0.0/16',
      '52.100.0.0/15',
      '52.102.0.0/16',
      '52.103.0.0/17',
      '104.47.0.0/17',
      '2a01:111:f400::/48',
      '2a01:111:f403::/49',
    ],
    source: 'SPF of spf.protection.outlook.com',
  },
  { name: 'Yahoo', kind: 'provider', hosts: ['yahoo.com', 'yahoodns.net'], signs: ['yahoo.com'], envelopes: ['yahoo.com'] },
  {
    name: 'Zoho',
    kind: 'provider',
    hosts: ['zoho.com', 'zoho.eu', 'zohomail.com', 'zcsend.net'],
    signs: ['zohomail.com', 'zcsend.net'],
    envelopes: ['zcsend.net'],
  },
  { name: 'GMX and WEB.DE', kind: 'provider', hosts: ['gmx.net', 'gmx.com', 'web.de'], signs: ['gmx.net', 'web.de'] },
  { name: 'IONOS', kind: 'provider', hosts: ['kundenserver.de', 'perfora.net', '1and1.com', 'ui-dns.com'], envelopes: ['kundenserver.de'] },
  { name: 'STRATO', kind: 'provider', hosts: ['rzone.de', 'strato.de'], signs: ['strato.com'] },
  { name: 'ALL-INKL', kind: 'provider', hosts: ['kasserver.com', 'all-inkl.com'] },
  { name: 'Hetzner webhosting', kind: 'provider', hosts: ['your-server.de'] },
  { name: 'mailbox.org', kind: 'provider', hosts: ['mailbox.org'], signs: ['mailbox.org'] },
  { name: 'Infomaniak', kind: 'provider', hosts: ['infomaniak.ch', 'infomaniak.com'] },
  { name: 'Gandi', kind: 'provider', hosts: ['gandi.net'] },
  { name: 'OVH', kind: 'provider', hosts: ['mail.ovh.net', 'mo.ovh.net'] },
  { name: 'Proton', kind: 'provider', hosts: ['protonmail.ch', 'proton.ch', 'proton.me'], signs: ['protonmail.com', 'proton.me'] },
  { name: 'Fastmail', kind: 'provider', hosts: ['messagingengine.com'], signs: ['messagingengine.com'] },
  { name: 'iCloud', kind: 'provider', hosts: ['icloud.com', 'apple.com'], signs: ['icloud.com'] },
  {
    name: 'Salesforce',
    kind: 'provider',
    hosts: ['exacttarget.com', 'salesforce.com'],
    signs: ['exacttarget.com'],
    envelopes: ['exacttarget.com'],
  },
  {
    name: 'HubSpot',
    kind: 'provider',
    hosts: ['hubspot.com', 'hubspotemail.net', 'hs-send.com'],
    signs: ['hubspotemail.net'],
    envelopes: ['hubspotemail.net'],
  },
  { name: 'Zendesk', kind: 'provider', hosts: ['zendesk.com', 'zdsys.com'], signs: ['zendesk.com'], envelopes: ['zendesk.com'] },
  { name: 'Forward Email', kind: 'forwarder', hosts: ['forwardemail.net'] },
  { name: 'ImprovMX', kind: 'forwarder', hosts: ['improvmx.com'] },
  { name: 'Cloudflare Email Routing', kind: 'forwarder', hosts: ['cloudflare-email.net', 'cloudflare-email.com'] },
  { name: 'SimpleLogin', kind: 'forwarder', hosts: ['simplelogin.co', 'simplelogin.io'] },
  { name: 'Namecheap forwarding', kind: 'forwarder', hosts: ['registrar-servers.com', 'web-hosting.com'] },
  { name: 'pobox', kind: 'forwarder', hosts: ['pobox.com'] },
];
