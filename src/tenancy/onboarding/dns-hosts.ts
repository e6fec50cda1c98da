// This file knows the common DNS hosts: how they are recognised by their name servers, where records are entered there, what the fields are
// called, and what each of them does to names and values. Written down in 2026; a page that looks different now still has the same fields.
import type { Language } from '../../language.ts';

export interface DnsHost {
  readonly id: string;
  readonly name: string;
  /** Ends of the names of its name servers. */
  readonly nameservers: readonly RegExp[];
  /** The way to the form. */
  readonly where: Readonly<Record<Language, string>>;
  /** What the fields are called: of the name, of a text, of the target of an alias. */
  readonly fields: Readonly<Record<Language, { readonly name: string; readonly text: string; readonly target: string }>>;
  /** What stands in the name field for the domain itself. */
  readonly root: '@' | '';
  /** The target of a CNAME needs a dot at its end, else the domain is appended to it. */
  readonly targetDot: boolean;
  /** A text is entered in quotation marks, in pieces of at most 255 characters. */
  readonly quotes: boolean;
  /** An alias can be hidden behind a proxy, which has to be off. */
  readonly proxy: boolean;
}

const PLAIN = { root: '@', targetDot: false, quotes: false, proxy: false } as const;
const both = (name: string, text: string, target: string) => ({ en: { name, text, target }, de: { name, text, target } });

export const DNS_HOSTS: readonly DnsHost[] = [
  {
    ...PLAIN,
    id: 'cloudflare',
    name: 'Cloudflare',
    nameservers: [/\.ns\.cloudflare\.com$/],
    where: {
      en: 'Choose the domain, then DNS → Records → Add record.',
      de: 'Wählen Sie die Domain, dann DNS → Einträge → Eintrag hinzufügen.',
    },
    fields: { en: { name: 'Name', text: 'Content', target: 'Target' }, de: { name: 'Name', text: 'Inhalt', target: 'Ziel' } },
    proxy: true,
  },
  {
    ...PLAIN,
    id: 'godaddy',
    name: 'GoDaddy',
    nameservers: [/\.domaincontrol\.com$/],
    where: {
      en: 'Domain Portfolio → the domain → DNS → Add New Record.',
      de: 'Domain-Portfolio → die Domain → DNS → Neuen Eintrag hinzufügen.',
    },
    fields: { en: { name: 'Name', text: 'Value', target: 'Value' }, de: { name: 'Name', text: 'Wert', target: 'Wert' } },
  },
  {
    ...PLAIN,
    id: 'namecheap',
    name: 'Namecheap',
    nameservers: [/\.registrar-servers\.com$/],
    where: { en: 'Domain List → Manage → Advanced DNS → Add New Record.', de: 'Domain List → Manage → Advanced DNS → Add New Record.' },
    fields: both('Host', 'Value', 'Target'),
  },
  {
    ...PLAIN,
    id: 'ionos',
    name: 'IONOS',
    nameservers: [/\.ui-dns\.(?:com|de|org|biz)$/, /\.1and1\.(?:com|es|fr|co\.uk)$/],
    where: { en: 'Domains & SSL → the domain → DNS → Add record.', de: 'Domains & SSL → die Domain → DNS → Record hinzufügen.' },
    fields: { en: { name: 'Hostname', text: 'Value', target: 'Points to' }, de: { name: 'Hostname', text: 'Wert', target: 'Zeigt auf' } },
  },
  {
    ...PLAIN,
    id: 'strato',
    name: 'Strato',
    nameservers: [/\.rzone\.de$/, /\.strato-hosting\.eu$/],
    where: {
      en: 'Log in → Domains → Domainverwaltung → the gear of the domain → DNS → TXT and CNAME records → manage. For a CNAME the name has to be made as a subdomain first.',
      de: 'Kunden-Login → Domains → Domainverwaltung → Zahnrad der Domain → DNS → TXT- und CNAME-Records → verwalten. Für einen CNAME muss der Name vorher als Subdomain angelegt werden.',
    },
    fields: both('Präfix', 'Wert', 'CNAME'),
    root: '',
    targetDot: true,
  },
  {
    ...PLAIN,
    id: 'ovh',
    name: 'OVHcloud',
    nameservers: [/\.ovh\.(?:net|ca)$/, /\.anycast\.me$/],
    where: {
      en: 'Web Cloud → Domain names → the domain → DNS zone → Add an entry.',
      de: 'Web Cloud → Domainnamen → die Domain → DNS-Zone → Eintrag hinzufügen.',
    },
    fields: { en: { name: 'Sub-domain', text: 'Value', target: 'Target' }, de: { name: 'Subdomain', text: 'Wert', target: 'Ziel' } },
    root: '',
    targetDot: true,
  },
  {
    ...PLAIN,
    id: 'hetzner',
    name: 'Hetzner',
    nameservers: [/\.ns\.hetzner\.(?:com|de)$/, /\.your-server\.de$/, /\.second-ns\.(?:com|de)$/],
    where: { en: 'DNS → the zone → Records → Add record.', de: 'DNS → die Zone → Records → Record hinzufügen.' },
    fields: { en: { name: 'Name', text: 'Value', target: 'Value' }, de: { name: 'Name', text: 'Wert', target: 'Wert' } },
    targetDot: true,
  },
  {
    ...PLAIN,
    id: 'gandi',
    name: 'Gandi',
    nameservers: [/\.gandi\.net$/],
    where: { en: 'Domain → the domain → DNS Records → Add record.', de: 'Domain → die Domain → DNS-Einträge → Eintrag hinzufügen.' },
    fields: { en: { name: 'Name', text: 'Text value', target: 'Hostname' }, de: { name: 'Name', text: 'Textwert', target: 'Hostname' } },
    targetDot: true,
  },
  {
    ...PLAIN,
    id: 'squarespace',
    name: 'Squarespace (Google Domains)',
    nameservers: [/\.googledomains\.com$/, /\.squarespacedns\.com$/, /\.nsone\.net$/],
    where: {
      en: 'Domains → the domain → DNS → DNS Settings → Custom records → Add record.',
      de: 'Domains → die Domain → DNS → DNS-Einstellungen → Eigene Einträge → Eintrag hinzufügen.',
    },
    fields: { en: { name: 'Name', text: 'Data', target: 'Data' }, de: { name: 'Name', text: 'Daten', target: 'Daten' } },
  },
  {
    ...PLAIN,
    id: 'route53',
    name: 'Amazon Route 53',
    nameservers: [/\.awsdns-\d+\.(?:com|net|org|co\.uk)$/],
    where: {
      en: 'Hosted zones → the domain → Create record. Leave "Alias" off.',
      de: 'Gehostete Zonen → die Domain → Eintrag erstellen. „Alias“ bleibt aus.',
    },
    fields: { en: { name: 'Record name', text: 'Value', target: 'Value' }, de: { name: 'Eintragsname', text: 'Wert', target: 'Wert' } },
    root: '',
    quotes: true,
  },
  {
    ...PLAIN,
    id: 'azure',
    name: 'Azure DNS',
    nameservers: [/\.azure-dns\.(?:com|net|org|info)$/],
    where: { en: 'DNS zones → the domain → Recordsets → Add.', de: 'DNS-Zonen → die Domain → Datensatzgruppen → Hinzufügen.' },
    fields: both('Name', 'Value', 'Alias'),
  },
  {
    ...PLAIN,
    id: 'digitalocean',
    name: 'DigitalOcean',
    nameservers: [/\.digitalocean\.com$/],
    where: { en: 'Networking → Domains → the domain → the tab of the type.', de: 'Networking → Domains → die Domain → Reiter des Typs.' },
    fields: both('Hostname', 'Value', 'Is an alias of'),
    targetDot: true,
  },
  {
    ...PLAIN,
    id: 'infomaniak',
    name: 'Infomaniak',
    nameservers: [/\.infomaniak\.(?:ch|com)$/],
    where: { en: 'Domains → the domain → DNS zone → Add a record.', de: 'Domains → die Domain → DNS-Zone → Einen Eintrag hinzufügen.' },
    fields: { en: { name: 'Source', text: 'Value', target: 'Target' }, de: { name: 'Quelle', text: 'Wert', target: 'Ziel' } },
    root: '',
  },
  {
    ...PLAIN,
    id: 'all-inkl',
    name: 'ALL-INKL.COM',
    nameservers: [/\.kasserver\.com$/],
    where: {
      en: 'KAS → Tools → DNS settings → the domain → create a new record.',
      de: 'KAS → Tools → DNS-Einstellungen → die Domain → neuen DNS-Eintrag erstellen.',
    },
    fields: both('Name', 'Data', 'Data'),
    root: '',
    targetDot: true,
  },
];

/** For every other one: what nearly all of them have in common. */
export const ANOTHER_HOST: DnsHost = {
  ...PLAIN,
  id: 'another',
  name: 'Another',
  nameservers: [],
  where: {
    en: 'Log in where the domain is managed and look for "DNS", "DNS settings", "name server settings" or "zone".',
    de: 'Melden Sie sich dort an, wo die Domain verwaltet wird, und suchen Sie „DNS“, „DNS-Einstellungen“, „Nameserver-Einstellungen“ oder „Zone“.',
  },
  fields: { en: { name: 'Name', text: 'Value', target: 'Target' }, de: { name: 'Name', text: 'Wert', target: 'Ziel' } },
};

/** Who runs these name servers (full names without a dot at the end). */
export function detectDnsHost(nameservers: readonly string[]): DnsHost {
  const names = nameservers.map((name) => name.toLowerCase());
  return DNS_HOSTS.find((host) => names.some((name) => host.nameservers.some((end) => end.test(name)))) ?? ANOTHER_HOST;
}

/** The host of an id, or null. */
export function findDnsHost(id: string): DnsHost | null {
  return [...DNS_HOSTS, ANOTHER_HOST].find((host) => host.id === id) ?? null;
}
