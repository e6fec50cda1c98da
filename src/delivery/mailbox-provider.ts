// This file maps a recipient's domain to the mailbox provider that runs it: by well-known domain names at once, by the names of its mail
// exchangers once they are known. Receivers act per provider, not per domain, and so do lanes.

export const MAILBOX_PROVIDERS = [
  'google',
  'microsoft',
  'yahoo',
  'apple',
  'gmx',
  't-online',
  'orange',
  'comcast',
  'mimecast',
  'proofpoint',
  'other',
] as const;
export type MailboxProvider = (typeof MAILBOX_PROVIDERS)[number];

const DOMAINS: Readonly<Record<string, MailboxProvider>> = {
  'gmail.com': 'google',
  'googlemail.com': 'google',
  'outlook.com': 'microsoft',
  'hotmail.com': 'microsoft',
  'live.com': 'microsoft',
  'msn.com': 'microsoft',
  'outlook.de': 'microsoft',
  'hotmail.de': 'microsoft',
  'hotmail.fr': 'microsoft',
  'hotmail.co.uk': 'microsoft',
  'yahoo.com': 'yahoo',
  'yahoo.de': 'yahoo',
  'yahoo.fr': 'yahoo',
  'yahoo.co.uk': 'yahoo',
  'ymail.com': 'yahoo',
  'aol.com': 'yahoo',
  'icloud.com': 'apple',
  'me.com': 'apple',
  'mac.com': 'apple',
  'gmx.de': 'gmx',
  'gmx.net': 'gmx',
  'gmx.at': 'gmx',
  'gmx.ch': 'gmx',
  'web.de': 'gmx',
  't-online.de': 't-online',
  'orange.fr': 'orange',
  'wanadoo.fr': 'orange',
  'comcast.net': 'comcast',
};

/** Ends of mail exchanger names. */
const EXCHANGERS: readonly (readonly [suffix: string, provider: MailboxProvider])[] = [
  ['.google.com', 'google'],
  ['.googlemail.com', 'google'],
  ['.protection.outlook.com', 'microsoft'],
  ['.mx.microsoft', 'microsoft'],
  ['.olc.protection.outlook.com', 'microsoft'],
  ['.yahoodns.net', 'yahoo'],
  ['.icloud.com', 'apple'],
  ['.apple.com', 'apple'],
  ['.gmx.net', 'gmx'],
  ['.web.de', 'gmx'],
  ['.kundenserver.de', 'gmx'],
  ['.t-online.de', 't-online'],
  ['.orange.fr', 'orange'],
  ['.comcast.net', 'comcast'],
  ['.mimecast.com', 'mimecast'],
  ['.pphosted.com', 'proofpoint'],
];

/** Simulated mailboxes under a name of their own (`gmail.mailbox.test`): rehearsals know the receivers of the real world. */
const SIMULATED = /^([a-z-]{1,30})\.mailbox\.test$/;

/** The provider of a domain whose name says it; null when only its MX can tell. `domain` is lower case. */
export function providerOfDomain(domain: string): MailboxProvider | null {
  const label = SIMULATED.exec(domain)?.[1];
  const name = label === undefined ? domain : `${label}.com`;
  return Object.hasOwn(DOMAINS, name) ? (DOMAINS[name] ?? null) : null;
}

/** The provider behind a list of mail exchanger names, best preference first; `other` when none is known. */
export function providerOfExchangers(exchangers: readonly string[]): MailboxProvider {
  for (const name of exchangers) {
    const host = `.${name.toLowerCase().replace(/\.$/, '')}`;
    const found = EXCHANGERS.find(([suffix]) => host.endsWith(suffix));
    if (found) return found[1];
  }
  return 'other';
}
