// This file holds every setting of the desk: one table with meaning, default and example, read from PACKETBOAT_* variables or a file,
// checked once at the start. docs/CONFIG.md is printed from the same table.
// Long because every setting and its meaning stand in one place; how values are written is in setting-values.ts.
import { z } from 'zod';
import { AppError } from './errors.ts';
import {
  addresses,
  dnsServers,
  domain,
  domains,
  flag,
  ladder,
  networks,
  none,
  oneOf,
  port,
  recordName,
  text,
  waits,
  whole,
  writeValue,
} from './setting-values.ts';

export const ROLES = ['http', 'submission', 'inbound', 'dispatch', 'jobs', 'dns'] as const;
export type Role = (typeof ROLES)[number];

const NAME_PREFIX = 'PACKETBOAT_';
/** RFC 9110 §4.2.2: the port that an https origin need not name. */
const HTTPS_PORT = 443;

interface Entry<T> {
  readonly about: string;
  /** As it would be written; '' is "not set". */
  readonly default: string;
  readonly example: string;
  readonly schema: z.ZodType<T, string>;
  /** Never printed. */
  readonly secret?: true;
}

function key<T>(schema: z.ZodType<T, string>, entry: Omit<Entry<T>, 'schema'>): Entry<T> {
  return { ...entry, schema };
}

/** All settings by the name they have in a file; the variable is PACKETBOAT_ and the name in capitals. */
export const SETTINGS = {
  data_dir: key(text().min(1), {
    about: 'Folder for everything this machine keeps: the embedded database, keys, bootstrap.json. Relative to the checkout.',
    default: 'data',
    example: '/var/lib/packetboat/data',
  }),
  database_url: key(none(text().regex(/^postgres(ql)?:\/\//, { error: 'write postgresql://user:password@host:5432/database' })), {
    about: 'A PostgreSQL 15 or newer of your own. Empty: the embedded one. DATABASE_URL works too.',
    default: '',
    example: 'postgresql://packetboat:secret@db.example.org:5432/packetboat',
    secret: true,
  }),
  database_connections: key(whole(2, 500), {
    about: 'Connections each process opens to the database at most.',
    default: '20',
    example: '40',
  }),
  http_host: key(text().min(1), { about: 'Address on which API, webhooks and console listen.', default: '127.0.0.1', example: '0.0.0.0' }),
  http_port: key(port(), { about: 'Port of API, webhooks and console; 0 picks a free one.', default: '8480', example: '8080' }),
  https_host: key(text().min(1), {
    about: 'Address on which API, webhooks and console are offered by HTTPS, where https_port is set.',
    default: '127.0.0.1',
    example: '0.0.0.0',
  }),
  https_port: key(none(port()), {
    about:
      'Port of API, webhooks and console by HTTPS (TLS 1.2 and newer), beside plain HTTP, which then takes keys from this machine and from trusted_proxies only. 0 picks a free one. Empty: no HTTPS.',
    default: '',
    example: '443',
  }),
  https_cert: key(none(text()), {
    about: 'File with the certificate chain (PEM) for HTTPS; replaced files are taken up within seconds. Empty: tls_cert.',
    default: '',
    example: '/etc/letsencrypt/live/mail.example.org/fullchain.pem',
  }),
  https_key: key(none(text()), {
    about: 'File with the private key (PEM) of https_cert.',
    default: '',
    example: '/etc/letsencrypt/live/mail.example.org/privkey.pem',
  }),
  trusted_proxies: key(networks(), {
    about:
      'Addresses or networks of proxies in front of the desk that are believed about the client: its address, and whether it came by https. From all others such headers mean nothing.',
    default: '',
    example: '127.0.0.1, 10.0.0.0/8, 2001:db8::/64',
  }),
  proxy_header: key(oneOf('x-forwarded', 'forwarded'), {
    about:
      'What trusted_proxies write: X-Forwarded-For and X-Forwarded-Proto, or Forwarded (RFC 7239). Only the named ones are read, because a proxy passes on what it does not know.',
    default: 'x-forwarded',
    example: 'forwarded',
  }),
  smtp_proxies: key(networks(), {
    about:
      'Addresses or networks of proxies in front of the SMTP ports that begin every connection with a PROXY header (HAProxy, versions 1 and 2): the client it names is who networks, limits and logs see. From these addresses nothing else is taken, from all others no header is read. Empty: none.',
    default: '',
    example: '10.0.0.5, 2001:db8::/64',
  }),
  submission_host: key(text().min(1), {
    about: 'Address on which applications hand in mail by SMTP.',
    default: '127.0.0.1',
    example: '0.0.0.0',
  }),
  submission_port: key(port(), { about: 'Port for mail handed in by SMTP; 0 picks a free one.', default: '2587', example: '587' }),
  inbound_host: key(text().min(1), {
    about: 'Address on which delivery status mails and reports come in.',
    default: '127.0.0.1',
    example: '0.0.0.0',
  }),
  inbound_port: key(port(), { about: 'Port for incoming status mails and reports; 0 picks a free one.', default: '2525', example: '25' }),
  inbound_size_max_bytes: key(whole(100_000, 104_857_600), {
    about: 'Largest status mail or report that is taken in, in bytes; larger ones are refused (552), or read up to here from a mailbox.',
    default: '31_457_280',
    example: '10_485_760',
  }),
  inbound_rate_per_minute: key(whole(1, 1_000_000), {
    about: 'Status mails and reports a minute from one address of the world; beyond it they are told to come back later (451).',
    default: '6_000',
    example: '600',
  }),
  dkim_zone: key(none(domain()), {
    about:
      'A zone delegated to this desk: customers publish two CNAMEs into it once, and the desk changes DKIM keys behind them. Empty: customers publish keys as TXT.',
    default: '',
    example: 'dkim.example.org',
  }),
  dkim_zone_ns: key(domains(), {
    about: 'Names of the servers that answer for dkim_zone, as its parent zone delegates to them. Empty: hostname.',
    default: '',
    example: 'ns1.example.org ns2.example.org',
  }),
  dns_host: key(text().min(1), {
    about: 'Address on which the role "dns" answers for dkim_zone, by UDP and TCP.',
    default: '127.0.0.1',
    example: '0.0.0.0',
  }),
  dns_port: key(port(), { about: 'Port of the role "dns"; the world asks on 53. 0 picks a free one.', default: '2553', example: '53' }),
  dkim_settle_hours: key(whole(0, 720), {
    about:
      'Hours from a new DKIM key seen at every name server to the first signature with it; the TTL of its record counts where it is longer.',
    default: '48',
    example: '24',
  }),
  dkim_retire_days: key(whole(7, 90), {
    about: 'Days for which the record of a replaced DKIM key stays, for mail on its way.',
    default: '7',
    example: '14',
  }),
  dkim_rotate_days: key(whole(0, 3_650), {
    about: 'A DKIM key behind dkim_zone signs for this many days before another takes over by itself. 0: until somebody asks.',
    default: '180',
    example: '90',
  }),
  dkim_rotate_txt_days: key(whole(0, 3_650), {
    about:
      'The same for keys that customers publish as TXT: each of them has to publish the next one first, so it is made and waits for them. 0: until somebody asks.',
    default: '0',
    example: '365',
  }),
  public_url: key(
    none(
      z
        .url({ protocol: /^https?$/, error: 'write an origin such as https://mail.example.org' })
        .transform((value) => value.replace(/\/+$/, '')),
    ),
    {
      about:
        'The https origin under which providers reach the webhooks of this desk, and people its pages. Empty: hostname with https_port, where HTTPS is open to the world with a certificate of yours; else the webhooks of real providers find no way back.',
      default: '',
      example: 'https://mail.example.org',
    },
  ),
  hostname: key(domain(), {
    about: 'Name this desk says in SMTP greetings and writes into Message-ID and Received.',
    default: 'desk.packetboat.test',
    example: 'desk.example.org',
  }),
  platform_name: key(text().regex(/^[a-z0-9-]{1,30}$/, { error: 'write up to 30 lower-case letters, digits and hyphens' }), {
    about: 'Short name of your platform; the last part of Feedback-ID, by which Gmail groups complaints.',
    default: 'packetboat',
    example: 'clubhouse',
  }),
  return_path_host: key(domain(), {
    about: 'Domain of the return paths; its MX points to the inbound port. The simulator knows the default.',
    default: 'returns.packetboat.test',
    example: 'returns.example.org',
  }),
  report_host: key(none(domain()), {
    about:
      'Domain of the addresses that DMARC and TLS reports come to; its MX points to the inbound port, and it publishes *._report._dmarc (docs/REPORTS.md). Empty: return_path_host.',
    default: '',
    example: 'reports.example.org',
  }),
  spf_include: key(none(recordName()), {
    about:
      "A name whose SPF record lists the servers of accounts that ask for a line in a domain's own SPF record. Empty: none does, because return paths have names of their own.",
    default: '',
    example: '_spf.example.org',
  }),
  dns_servers: key(dnsServers(), {
    about: 'DNS resolvers to ask, as addresses with or without a port, separated by commas. Empty: those of this machine.',
    default: '',
    example: '192.0.2.53, [2001:db8::53]:5353',
  }),
  dns_authoritative_port: key(whole(1, 65_535), {
    about: 'Port on which the name servers of a domain are asked directly, so that a record is seen as soon as it is published.',
    default: '53',
    example: '5353',
  }),
  dns_allow_private: key(flag(), {
    about: 'Ask name servers of domains at private and loopback addresses too: for a DNS inside your own network.',
    default: 'false',
    example: 'true',
  }),
  system_from: key(
    none(text().regex(/^(?:[^<>\r\n]{0,200}<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, { error: 'write an address, or Name <address>' })),
    {
      about:
        'Mailbox in From of mail that the desk writes itself (confirmations, digests): an address, or "Name <address>". Empty: desk@ the hostname. Its organisation, "Mail of the desk", is made with the first such mail; publish the records of its domain.',
      default: '',
      example: 'Clubhouse <desk@clubhouse.example>',
    },
  ),
  rewrite_domain: key(none(domain()), {
    about:
      'Domain below which From is written anew for senders without a domain of their own, where the operator allows it and the organisation agreed. A registrable domain apart from the others of the desk. Empty: From is never written anew.',
    default: '',
    example: 'clubhouse-mail.example',
  }),
  rewrite_domain_shared: key(flag(), {
    about:
      'Accept a rewrite domain that belongs to the same registrable domain as public URL, hostname or return paths: complaints about customers then fall on it.',
    default: 'false',
    example: 'true',
  }),
  rewrite_daily_cap: key(whole(0, 10_000_000), {
    about: 'Recipients a day (UTC) of an organisation whose From is written anew, until the operator sets another number for it.',
    default: '200',
    example: '50',
  }),
  sending_ips: key(addresses(), {
    about:
      'Public addresses from which mail of your own servers leaves, separated by commas: their names in DNS are looked at daily. Empty: those of the smarthosts.',
    default: '',
    example: '192.0.2.25, 2001:db8::25',
  }),
  roles: key(
    text().transform((value, context) => readRoles(value, context)),
    { about: `What this process does: any of ${ROLES.join(', ')}.`, default: ROLES.join(','), example: 'http,submission' },
  ),
  processes: key(whole(1, 64), { about: 'Server processes on this machine. One is enough for two cores.', default: '1', example: '4' }),
  simulator: key(oneOf('auto', 'on', 'off'), {
    about: 'The small internet on loopback. auto: on until a provider account is configured.',
    default: 'auto',
    example: 'off',
  }),
  log_level: key(oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), {
    about: 'Least important log line that is written.',
    default: 'info',
    example: 'debug',
  }),
  log_addresses: key(flag(), {
    about: 'Write e-mail addresses into the log. Bodies are never written.',
    default: 'false',
    example: 'true',
  }),
  tls_cert: key(none(text()), {
    about:
      'File with the certificate chain (PEM) for STARTTLS, and for HTTPS where https_port is set and https_cert is not. Replaced files are taken up within seconds.',
    default: '',
    example: '/etc/packetboat/fullchain.pem',
  }),
  tls_key: key(none(text()), {
    about: 'File with the private key (PEM) of tls_cert.',
    default: '',
    example: '/etc/packetboat/privkey.pem',
  }),
  allow_plaintext_auth: key(oneOf('loopback', 'always', 'never'), {
    about: 'From where a password may come over SMTP without TLS.',
    default: 'loopback',
    example: 'never',
  }),
  message_size_max_bytes: key(whole(10_000, 104_857_600), {
    about: 'Largest message that is accepted, in bytes of MIME.',
    default: '26_214_400',
    example: '10_485_760',
  }),
  recipients_max: key(whole(1, 5_000), {
    about: 'Recipients of one message at most; a larger mailing comes as a batch of messages.',
    default: '1000',
    example: '100',
  }),
  rate_per_minute: key(whole(1, 10_000_000), {
    about: 'Requests a minute for a credential that has no rate of its own. Each process of a desk counts for itself.',
    default: '60_000',
    example: '600',
  }),
  retention_days: key(whole(7, 3_650), {
    about: 'Days after which finished messages and their events are removed. Counters stay.',
    default: '90',
    example: '30',
  }),
  report_retention_days: key(whole(31, 3_650), {
    about: 'Days after which reports about domains, their records and their daily counts are removed.',
    default: '400',
    example: '800',
  }),
  failure_report_retention_days: key(whole(1, 365), {
    about: 'Days after which failure reports are removed: each is about one message of one person.',
    default: '14',
    example: '7',
  }),
  uncertain_policy: key(oneOf('resend', 'hold'), {
    about: 'What happens to a hand-over whose end nobody knows: resend once (may arrive twice), or hold it for a person.',
    default: 'resend',
    example: 'hold',
  }),
  uncertain_wait: key(waits(), {
    about: 'How long an uncertain hand-over waits for news before the policy decides: transactional, then bulk.',
    default: '2m 60m',
    example: '30s 10m',
  }),
  retry_transactional: key(ladder(), {
    about: 'When deferred transactional mail is tried again, and its lifetime.',
    default: '1m 5m 15m 30m 1h 2h 4h; max 24h',
    example: '1m 10m 1h; max 12h',
  }),
  retry_bulk: key(ladder(), {
    about: 'When deferred bulk mail is tried again, and its lifetime.',
    default: '15m 1h 2h 4h 8h 16h 24h; max 72h',
    example: '30m 2h 8h; max 48h',
  }),
  allow_private_webhooks: key(flag(), {
    about: 'Let tenant webhooks and document fetches reach private, loopback and link-local addresses.',
    default: 'false',
    example: 'true',
  }),
  secret_key_file: key(none(text()), {
    about:
      'File with the key that encrypts provider secrets and DKIM keys. One key a line; more than one while it is being replaced (packetboat secret-key). Empty: secret.key in data_dir, made on the first start. Back it up apart from the database.',
    default: '',
    example: '/etc/packetboat/secret.key',
  }),
  metrics_token: key(none(text().min(16, { error: 'write at least 16 characters, for example from "openssl rand -hex 32"' })), {
    about: 'Bearer token that GET /metrics asks for. Empty: only loopback may read it.',
    default: '',
    example: '4f8c…64 characters',
    secret: true,
  }),
  migrate: key(oneOf('auto', 'manual'), {
    about: 'Bring the schema up to date at the start, or refuse to start until "packetboat migrate" ran.',
    default: 'auto',
    example: 'manual',
  }),
  shutdown_grace_s: key(whole(1, 300), {
    about: 'Seconds that open hand-overs and requests get when the desk stops.',
    default: '15',
    example: '60',
  }),
} as const satisfies Record<string, Entry<unknown>>;

type Settings = typeof SETTINGS;
type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S;

/** Every setting parsed, under its camelCase name: `config.httpPort`, `config.retryBulk`. */
export type Config = { readonly [K in keyof Settings as Camel<K>]: Settings[K]['schema'] extends z.ZodType<infer T, string> ? T : never };

/**
 * Reads all settings: the variables win over the file that PACKETBOAT_CONFIG names (JSON or KEY=value lines), that over the defaults.
 * `readFile` answers undefined for a file that is not there. Throws CONFIG_INVALID naming every wrong setting at once.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, readFile: (path: string) => string | undefined): Config {
  const written = { ...readSettingsFile(env[`${NAME_PREFIX}CONFIG`], readFile), ...readVariables(env) };
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, entry] of Object.entries(SETTINGS)) {
    const result = entry.schema.safeParse(written[name] ?? entry.default);
    if (result.success) values[camel(name)] = result.data;
    else
      faults.push(
        `${variableName(name)}: ${result.error.issues.map((issue) => issue.message).join('; ')} (it is "${entryText(name, written[name])}")`,
      );
  }
  for (const pair of ['tls', 'https'])
    if (Boolean(values[`${pair}Cert`]) !== Boolean(values[`${pair}Key`]))
      faults.push(`${variableName(`${pair}_cert`)} and ${variableName(`${pair}_key`)}: give both or neither`);
  if (faults.length > 0) throw new AppError('CONFIG_INVALID', `These settings are wrong: ${faults.join(' · ')}.`);
  // Every key of SETTINGS was parsed by its own schema just above; Object.entries loses that.
  const config = values as unknown as Config;
  return { ...config, publicUrl: config.publicUrl ?? ownHttpsOrigin(config) };
}

/**
 * The origin under which the world reaches the HTTPS door itself; null where nobody else reaches it (loopback, a port that is not known yet), where its
 * certificate is of our own making, and for names that exist nowhere.
 */
function ownHttpsOrigin({ httpsPort, httpsHost, httpsCert, tlsCert, hostname }: Config): string | null {
  if (httpsPort === null || httpsPort === 0 || (httpsCert ?? tlsCert) === null) return null;
  if (/^(127\.|::1$|localhost$)/.test(httpsHost) || /\.(test|local|localhost|internal)$/.test(hostname)) return null;
  return `https://${hostname}${httpsPort === HTTPS_PORT ? '' : `:${httpsPort}`}`;
}

/** The settings in force, a line each, secrets as `***`: what `packetboat config` prints. */
export function printConfig(config: Config): string {
  const lines = Object.entries(SETTINGS).map(([name, entry]) => {
    const value = config[camel(name) as keyof Config];
    const text = 'secret' in entry && value !== null ? '***' : writeValue(value);
    return `${variableName(name)}=${text}\n  ${entry.about}\n  default: ${entry.default || '(empty)'} · example: ${entry.example}`;
  });
  return `${lines.join('\n\n')}\n`;
}

/** The same as data, for `packetboat config --json`. */
export function configAsData(config: Config): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(SETTINGS).map(([name, entry]) => {
      const value = config[camel(name) as keyof Config];
      return [name, 'secret' in entry && value !== null ? '***' : value];
    }),
  );
}

/** The variable that sets a key: `http_port` → `PACKETBOAT_HTTP_PORT`. */
export function variableName(name: string): string {
  return NAME_PREFIX + name.toUpperCase();
}

function readVariables(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const found: Record<string, string> = {};
  if (env['DATABASE_URL']) found['database_url'] = env['DATABASE_URL'];
  for (const [variable, value] of Object.entries(env)) {
    if (value === undefined || !variable.startsWith(NAME_PREFIX) || variable === `${NAME_PREFIX}CONFIG`) continue;
    // The test runner speaks to test files this way; they are no settings of a desk.
    if (variable.startsWith(`${NAME_PREFIX}TEST_`)) continue;
    found[knownName(variable.slice(NAME_PREFIX.length).toLowerCase(), variable)] = value;
  }
  return found;
}

function readSettingsFile(path: string | undefined, readFile: (path: string) => string | undefined): Record<string, string> {
  if (!path) return {};
  const content = readFile(path);
  if (content === undefined) throw new AppError('CONFIG_INVALID', `PACKETBOAT_CONFIG names ${path}, which cannot be read.`);
  const pairs = content.trimStart().startsWith('{') ? readJsonPairs(path, content) : readLines(path, content);
  return Object.fromEntries(
    pairs.map(([name, value]) => [knownName(name.replace(/^PACKETBOAT_/i, '').toLowerCase(), `${name} in ${path}`), value]),
  );
}

function readJsonPairs(path: string, content: string): [string, string][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', `${path} is not valid JSON.`, { cause });
  }
  return Object.entries(z.record(z.string(), z.unknown()).parse(parsed)).map(([name, value]) => [name, writeValue(value)]);
}

function readLines(path: string, content: string): [string, string][] {
  return content.split(/\r?\n/).flatMap((line, index): [string, string][] => {
    if (/^\s*(#|$)/.test(line)) return [];
    const parts = /^\s*(?:export\s+)?([A-Za-z_]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (!parts?.[1]) throw new AppError('CONFIG_INVALID', `${path} line ${index + 1} is not KEY=value.`);
    return [[parts[1], (parts[2] ?? '').replace(/^(["'])(.*)\1$/, '$2')]];
  });
}

function knownName(name: string, written: string): string {
  if (Object.hasOwn(SETTINGS, name)) return name;
  const nearest = Object.keys(SETTINGS)
    .map((known) => ({ known, far: distance(known, name) }))
    .sort((a, b) => a.far - b.far)[0];
  const meant = nearest && nearest.far <= Math.max(3, name.length / 3) ? ` Did you mean ${variableName(nearest.known)}?` : '';
  throw new AppError('CONFIG_INVALID', `There is no setting ${written}.${meant}`);
}

/** Edits that turn one name into the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function readRoles(value: string, context: z.RefinementCtx): readonly Role[] {
  const names = value.split(/[\s,]+/).filter((name) => name !== '');
  const known = ROLES.filter((role) => names.includes(role));
  if (names.length > 0 && names.every((name) => ROLES.some((role) => role === name))) return known;
  context.addIssue({ code: 'custom', message: `write some of: ${ROLES.join(', ')}` });
  return z.NEVER;
}

function entryText(name: string, written: string | undefined): string {
  const entry: Entry<unknown> | undefined = Object.entries(SETTINGS).find(([known]) => known === name)?.[1];
  return entry?.secret ? '***' : (written ?? '');
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
