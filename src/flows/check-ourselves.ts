// This file checks the desk from the outside: names of our addresses, return paths, reports, zones, certificates, ages of keys, the clock. It runs
// daily by itself, in `packetboat doctor`, and on demand; the last result is kept, so that what is wrong stands under "needs a person".
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Account } from '../store/provider-accounts.ts';
import { readSetting, writeSetting } from '../store/settings.ts';
import type { DnsLookup } from '../tenancy/dns/lookup.ts';
import { isPrivateHost } from '../tenancy/webhook-target.ts';
import type { Chore } from './housekeeping.ts';
import { lookAtRewriting, type PublishedKey } from './rewriting-domain.ts';
import { addressesOf, checkAddresses, checkHeloNames } from './self-checks/check-addresses.ts';
import {
  type CertificateFiles,
  checkHttpsCertificate,
  checkHttpsDoor,
  checkSmtpCertificate,
  type HttpsDoorNames,
} from './self-checks/check-certificates.ts';
import { checkInbound, checkKeyZone, checkReportHost, checkReturnPathSpf, isSimulated } from './self-checks/check-hosts.ts';
import { type SelfCheck, selfCheck } from './self-checks/finding.ts';
import type { CertificateOf, GreetingOf } from './self-checks/probes.ts';

export interface OurNames {
  readonly hostname: string;
  readonly returnPathHost: string;
  /** Null: the return-path host takes the reports too. */
  readonly reportHost: string | null;
  readonly dkimZone: string | null;
  readonly dkimNameServers: readonly string[];
  readonly spfInclude: string | null;
  readonly sendingIps: readonly string[];
  readonly publicUrl: string | null;
  /** Files of the SMTP doors' certificate; null: the desk made one itself. */
  readonly tlsFiles: CertificateFiles | null;
  /** Null: HTTPS is not spoken. */
  readonly httpsDoor: HttpsDoorNames | null;
}

export interface CheckOurselvesDeps {
  readonly names: OurNames;
  readonly lookup: DnsLookup;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly greetingOf: GreetingOf;
  readonly certificateOf: CertificateOf;
}

/** What only a running desk knows. */
export interface DeskFacts {
  /** Difference between this machine's clock and the database's, milliseconds. */
  readonly clockOffsetMs: number;
  readonly agedKeys: number;
  /** The key of the rewriting domain that signs: how old it is, days (null: none signs). Null: there is no rewriting domain, or no key yet. */
  readonly rewritingKey: { readonly domain: string; readonly days: number | null; readonly keys: readonly PublishedKey[] } | null;
  readonly accounts: readonly Pick<Account, 'name' | 'provider' | 'settings' | 'simulated'>[];
}

export interface SelfChecks {
  readonly checked_at: string;
  readonly checks: readonly (SelfCheck & { readonly since: string })[];
}

/** RFC 6376 names no age; providers advise to change keys once or twice a year. */
export const KEY_DAYS_MAX = 365;
/** Leases are counted in database time; more than this is a clock nobody sets. */
const CLOCK_WARN_MS = 2_000;
const CLOCK_PROBLEM_MS = 10_000;
const SETTING = 'self_checks';
const DAY_MS = 86_400_000;
/** The chore looks this often whether a day has gone by. */
const EVERY_MS = 10 * 60_000;

/** Everything that settings and DNS tell; with `desk` what only a running desk knows as well. */
export async function checkOurselves(deps: CheckOurselvesDeps, desk: DeskFacts | null): Promise<SelfCheck[]> {
  const { names, lookup, clock } = deps;
  const sendingIps = names.sendingIps.length > 0 ? names.sendingIps : await smarthostAddresses(lookup, desk);
  const groups = await Promise.all([
    checkNames(deps, sendingIps),
    sendingIps.length > 0 ? checkAddresses(lookup, sendingIps, names.hostname) : [selfCheck('note', 'addresses-unknown', names.hostname)],
    names.dkimZone === null || isSimulated(names.dkimZone) ? [] : [await checkKeyZone(lookup, names.dkimZone, names.dkimNameServers)],
    checkDoorCertificates(names, clock.nowMs()),
    checkHttpsCertificate(names.publicUrl, deps.certificateOf, clock.nowMs()),
    desk === null ? [] : [checkClock(desk.clockOffsetMs), checkKeys(desk.agedKeys), ...checkRewritingKey(desk.rewritingKey)],
    checkRewritingRecords(lookup, names.hostname, desk?.rewritingKey ?? null),
  ]);
  return groups.flat();
}

/** Doors that show the same certificate under the same name are told of once. */
function checkDoorCertificates({ tlsFiles, hostname, httpsDoor }: OurNames, nowMs: number): SelfCheck[] {
  const smtp = checkSmtpCertificate(tlsFiles, hostname, nowMs);
  const https = checkHttpsDoor(httpsDoor, nowMs);
  return [smtp, ...https.filter(({ code, subject }) => code !== smtp.code || subject !== smtp.subject)];
}

async function checkNames({ names, lookup, greetingOf }: CheckOurselvesDeps, sendingIps: readonly string[]): Promise<SelfCheck[]> {
  const { hostname, returnPathHost, reportHost, spfInclude } = names;
  const own = { hostname, sendingIps };
  const simulated = [...new Set([hostname, returnPathHost])]
    .filter(isSimulated)
    .map((name) => selfCheck('note', 'names-of-the-simulator', name));
  const helo = isSimulated(hostname) ? [] : checkHeloNames(lookup, [hostname], sendingIps);
  const inbound = [...new Set([returnPathHost, reportHost ?? returnPathHost])].filter((host) => !isSimulated(host));
  const spfHosts = [returnPathHost, ...(spfInclude === null ? [] : [spfInclude])].filter((host) => !isSimulated(host));
  const reports = reportHost ?? returnPathHost;
  const groups = await Promise.all([
    simulated,
    helo,
    Promise.all(inbound.map((host) => checkInbound(lookup, host, own, greetingOf))),
    Promise.all(spfHosts.map((host) => checkReturnPathSpf(lookup, host, own))).then((each) => each.flat()),
    isSimulated(reports) ? [] : [await checkReportHost(lookup, reports)],
  ]);
  return groups.flat();
}

/** Where nobody named our addresses: those of public smarthosts. What providers send from is their business. */
async function smarthostAddresses(lookup: DnsLookup, desk: DeskFacts | null): Promise<readonly string[]> {
  const hosts = (desk?.accounts ?? []).flatMap(({ provider, settings, simulated }) => {
    const host = provider === 'smtp' && !simulated ? settings['host'] : null;
    return typeof host === 'string' && !isPrivateHost(host) ? [host] : [];
  });
  const found = await Promise.all([...new Set(hosts)].map((host) => addressesOf(lookup, host)));
  return found.flatMap(({ values }) => values);
}

function checkClock(offsetMs: number): SelfCheck {
  const off = Math.abs(offsetMs);
  if (off < CLOCK_WARN_MS) return selfCheck('ok', 'clock-ok', 'clock');
  return selfCheck(off < CLOCK_PROBLEM_MS ? 'warning' : 'problem', 'clock-off', 'clock', { detail: String(Math.round(off / 1000)) });
}

function checkKeys(aged: number): SelfCheck {
  const wanted = String(KEY_DAYS_MAX);
  return aged === 0
    ? selfCheck('ok', 'keys-ok', 'DKIM', { wanted })
    : selfCheck('warning', 'keys-old', 'DKIM', { wanted, detail: String(aged) });
}

function checkRewritingKey(key: DeskFacts['rewritingKey']): SelfCheck[] {
  if (key === null) return [];
  if (key.days === null) return [selfCheck('problem', 'rewriting-key-missing', key.domain)];
  const facts = { wanted: String(KEY_DAYS_MAX), detail: String(key.days) };
  return [
    key.days <= KEY_DAYS_MAX
      ? selfCheck('ok', 'rewriting-key-ok', key.domain, facts)
      : selfCheck('warning', 'rewriting-key-old', key.domain, facts),
  ];
}

/** Without its records nobody can prove mail with From written anew, and answers are lost. */
async function checkRewritingRecords(lookup: DnsLookup, hostname: string, key: DeskFacts['rewritingKey']): Promise<SelfCheck[]> {
  if (key === null || isSimulated(key.domain)) return [];
  // The next key is waited for, and what was revoked is told of elsewhere.
  const keys = key.keys.filter(({ state }) => state === 'active');
  const records = await lookAtRewriting(lookup, { domain: key.domain, hostname, keys }, 'en');
  const silent = records.find(({ state }) => state === 'unreachable');
  if (silent) return [selfCheck('note', 'no-answer', key.domain, { detail: silent.host })];
  const wrong = records.filter(({ state }) => state !== 'ok').map(({ type, host }) => `${host} ${type}`);
  return wrong.length === 0
    ? [selfCheck('ok', 'rewriting-records-ok', key.domain)]
    : [selfCheck('problem', 'rewriting-records-missing', key.domain, { detail: wrong.join(', ') })];
}

/** The last result, or null before the first. */
export function readSelfChecks(pool: pg.Pool): Promise<SelfChecks | null> {
  return readSetting<SelfChecks>(pool, SETTING);
}

export interface SelfCheckDesk {
  /** Checks now and keeps the result. */
  run(): Promise<SelfChecks>;
  readonly chore: Chore;
}

export function makeSelfCheckDesk(
  deps: CheckOurselvesDeps & { readonly pool: pg.Pool; readonly log: Log; readonly facts: () => Promise<DeskFacts> },
): SelfCheckDesk {
  const { pool, clock, log } = deps;

  async function run(): Promise<SelfChecks> {
    const before = await readSelfChecks(pool);
    const checkedAt = new Date(clock.nowMs()).toISOString();
    const checks = (await checkOurselves(deps, await deps.facts())).map((check) => ({
      ...check,
      since: sinceOf(before, check) ?? checkedAt,
    }));
    const result = { checked_at: checkedAt, checks };
    await writeSetting(pool, SETTING, result);
    const wrong = checks.filter(({ state }) => state === 'problem');
    if (wrong.length > 0) log.warn({ event: 'self_check_problems', codes: wrong.map(({ code, subject }) => `${code} ${subject}`) });
    return result;
  }

  return {
    run,
    chore: {
      name: 'check-ourselves',
      everyMs: EVERY_MS,
      async run() {
        const last = await readSelfChecks(pool);
        // Several nodes may look at the same moment; the second look only repeats the first.
        if (last === null || clock.nowMs() - Date.parse(last.checked_at) >= DAY_MS) await run();
      },
    },
  };
}

/** A check that is as it was keeps its time. */
function sinceOf(before: SelfChecks | null, check: SelfCheck): string | null {
  const same = before?.checks.find(({ code, subject, state }) => code === check.code && subject === check.subject && state === check.state);
  return same?.since ?? null;
}
