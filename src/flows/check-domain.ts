// This file looks at one sending domain: what its DNS says beside what it should say, the standing that follows, and who is told when that changed.
// The look takes seconds and no transaction; judging and writing are one, under a lock, so that two looks at once tell of a change once.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { type DomainEventType, lockDomain, writeDomainEvent, writeLook } from '../store/domain-checks.ts';
import { findDomain, type RecordSight, type SendingDomain } from '../store/domains.ts';
import { withOwner } from '../store/scope.ts';
import type { Compared } from '../tenancy/dns/compared.ts';
import type { DnsLookup } from '../tenancy/dns/lookup.ts';
import { type Mistake, mistakeWords } from '../tenancy/dns/mistakes.ts';
import { organisationalDomain, walkTree } from '../tenancy/dns/organisational-domain.ts';
import { judgeDomain, nextLook, type RecordLook, type Standing } from '../tenancy/domain-state.ts';
import { type ExpectedRecord, ownReturnPathHost, type Surroundings } from '../tenancy/expected-records.ts';
import { aroundOf, type PlatformFor, recordsOf, sightOf } from './domain-view.ts';
import { lookAroundDomain, shownText, shownTexts } from './look-around-domain.ts';
import { lookAtRecords } from './look-at-domain.ts';
import type { SendingRights } from './sending-rights.ts';

export interface CheckDomainDeps {
  readonly pool: pg.Pool;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly ids: IdMint;
  readonly log: Log;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  readonly lookup: DnsLookup;
  readonly platform: PlatformFor;
  readonly rights: Pick<SendingRights, 'forget'>;
  /** Runs in the transaction that changed the standing: for mails to people. */
  readonly tell?: (db: pg.PoolClient, change: DomainChange) => Promise<void>;
  /** A DKIM record of ours is right: keys that wait for it may be used. */
  readonly keySeen?: (domainId: string) => Promise<void>;
}

export interface DomainChange {
  readonly domain: SendingDomain;
  readonly type: DomainEventType;
  readonly after: Standing;
  /** Records that are to be mended, with what was found. */
  readonly wrong: readonly SeenRecord[];
}

export interface SeenRecord {
  readonly record: ExpectedRecord;
  readonly sight: RecordSight;
}

/** This long before the grace ends everybody hears once more. */
const REMIND_MS = 24 * 3_600_000;

/** Looks at a domain and answers it as it stands then; null: it is gone. */
export type CheckDomain = (tenantId: string, id: string) => Promise<SendingDomain | null>;

export function makeCheckDomain(deps: CheckDomainDeps): CheckDomain {
  return async (tenantId, id) => {
    const before = await findDomain(deps.pool, tenantId, id);
    if (!before) return null;
    const { seen, surroundings } = await look(deps, before);
    const after = await withOwner(deps.pool, async (db) => {
      const domain = await lockDomain(db, tenantId, id);
      return domain && (await write(deps, db, { domain, seen, surroundings }));
    });
    deps.rights.forget(tenantId);
    if (after && seen.some(({ record, sight }) => record.purpose === 'dkim' && sight.state === 'ok')) await deps.keySeen?.(id);
    return findDomain(deps.pool, tenantId, id);
  };
}

async function look(deps: CheckDomainDeps, domain: SendingDomain): Promise<{ seen: SeenRecord[]; surroundings: Surroundings }> {
  const { lookup } = deps;
  const surroundings = await lookAroundDomain(lookup, domain.name, aroundOf(domain));
  const compared = await lookAtRecords(lookup, recordsOf(domain, deps.platform(domain), surroundings));
  const at = new Date(deps.clock.nowMs()).toISOString();
  const seen = await Promise.all(
    compared.map(async ({ state, found, mistake, ...record }): Promise<SeenRecord> => {
      const own = { state, found, mistake };
      const counted = record.purpose === 'dmarc' && state === 'missing' ? ((await inheritedPolicy(lookup, domain.name)) ?? own) : own;
      return { record, sight: sightFrom(record, counted, sightOf(domain, record), at) };
    }),
  );
  return { seen, surroundings };
}

/** Names below a domain with a DMARC record inherit it (RFC 9989 §4.10): nothing has to be published for them. */
async function inheritedPolicy(lookup: DnsLookup, name: string): Promise<Compared | null> {
  if (organisationalDomain(name) === name) return null;
  const { record } = await walkTree(lookup, name);
  return record === null || record.host === name ? null : { state: 'ok', found: [`_dmarc.${record.host}: ${record.text}`], mistake: null };
}

function sightFrom({ type, host, value }: ExpectedRecord, compared: Compared, before: RecordSight | null, at: string): RecordSight {
  const { state, mistake } = compared;
  return {
    ...{ type, host, value, state },
    mistake: mistake && shownMistake(mistake),
    settled: state === 'unreachable' ? (before?.settled ?? null) : state,
    found: state === 'unreachable' && before ? before.found : shownTexts(compared.found),
    ok_at: state === 'ok' ? at : (before?.ok_at ?? null),
  };
}

/** A mistake quotes what was found, and whoever runs the zone decides what that is. */
function shownMistake({ code, facts: { host, type, value, seen, seenHost, better, detail } }: Mistake): Mistake {
  const facts = {
    host,
    type,
    value,
    better: shownText(better),
    seen: shownText(seen),
    seenHost: shownText(seenHost),
    detail: shownText(detail),
  };
  return { code, facts, ...mistakeWords(code, facts) };
}

async function write(
  deps: CheckDomainDeps,
  db: pg.PoolClient,
  { domain, seen, surroundings }: { domain: SendingDomain; seen: readonly SeenRecord[]; surroundings: Surroundings },
): Promise<true> {
  const nowMs = deps.clock.nowMs();
  const before = standingOf(domain);
  const after = judgeDomain(before, seen.map(lookOf), nowMs);
  const away = seen.some(({ record, sight }) => record.needed === 'required' && sight.state === 'unreachable');
  const unreachable = away ? domain.unreachable_checks + 1 : 0;
  const next = nextLook({ ...after, vouched: domain.vouched, fromMs: Date.parse(domain.check_from), unreachable }, nowMs, deps.random());
  const ownPath = seen.find(({ record }) => record.purpose === 'return-path')?.sight.settled === 'ok';
  await writeLook(db, domain.tenant_id, {
    ...after,
    id: domain.id,
    atMs: nowMs,
    nextAtMs: next.atMs,
    note: next.note,
    unreachable,
    sights: Object.fromEntries(seen.map(({ record, sight }) => [record.id, sight])),
    surroundings,
    returnPathHost: ownPath ? ownReturnPathHost(domain.name) : null,
  });
  const type = eventOf(domain, after, nowMs);
  if (type === null) return true;
  const wrong = seen.filter(({ record, sight }) => record.needed !== 'optional' && sight.settled !== 'ok');
  deps.log.info({ event: 'domain_state', domain: domain.id, state: after.state, was: before.state });
  await writeDomainEvent(db, domain.tenant_id, { id: deps.ids.next(), type, data: told(domain, after, wrong) });
  await deps.tell?.(db, { domain, type, after, wrong });
  return true;
}

function standingOf(domain: SendingDomain): Standing {
  return {
    state: domain.state,
    authenticated: domain.authenticated,
    vouchedAuthenticated: domain.vouched_authenticated,
    proven: domain.proven_at !== null,
    breaksAtMs: domain.breaks_at === null ? null : Date.parse(domain.breaks_at),
  };
}

function lookOf({ record, sight }: SeenRecord): RecordLook {
  return {
    purpose: record.purpose,
    needed: record.needed,
    settled: sight.settled,
    answered: sight.state !== 'unreachable',
    okAtMs: sight.ok_at === null ? null : Date.parse(sight.ok_at),
  };
}

/** What is news; null: nothing that anybody has to hear. */
function eventOf(domain: SendingDomain, after: Standing, nowMs: number): DomainEventType | null {
  const before = standingOf(domain);
  if (after.state === 'pending') return null;
  if (before.state !== after.state) return `domain.${after.state}`;
  // What an operator vouched for is proven now.
  if (after.state === 'verified') return after.proven && !before.proven ? 'domain.verified' : null;
  if (after.state !== 'warning') return null;
  // A warning that gets an end, or loses it because only an extra is missing now.
  if ((before.breaksAtMs === null) !== (after.breaksAtMs === null)) return 'domain.warning';
  if (after.breaksAtMs === null || domain.checked_at === null) return null;
  const remindAtMs = after.breaksAtMs - REMIND_MS;
  return Date.parse(domain.checked_at) < remindAtMs && nowMs >= remindAtMs ? 'domain.warning' : null;
}

function told(domain: SendingDomain, after: Standing, wrong: readonly SeenRecord[]): Record<string, unknown> {
  return {
    domain_id: domain.id,
    domain: domain.name,
    state: after.state,
    was: domain.state,
    authenticated: after.authenticated,
    breaks_at: after.breaksAtMs === null ? null : new Date(after.breaksAtMs).toISOString(),
    records: wrong.map(({ record: { id, purpose, type, host, value, needed }, sight: { state, found, mistake } }) => ({
      ...{ id, purpose, type, host, value, needed, state, found },
      mistake: mistake && { code: mistake.code, message: mistake.message, next: mistake.next },
    })),
  };
}
