// This file moves DKIM keys on: it looks whether a new key is seen in DNS, lets it sign once caches have forgotten the time before it, and ends the
// old one a week later. What is to be done stands in the rows: whoever runs next goes on where a process died. A key that is not seen changes nothing
// but its own sentence of trouble; the one before it signs on.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { lockKeyedDomain } from '../store/dkim-keys.ts';
import { type DueKey, noteKeyStep, readMovingKeys, revokeDkimKey, switchDkimKey, takeDueKeys } from '../store/dkim-steps.ts';
import { withOwner } from '../store/scope.ts';
import { type KeyLook, type KeyPolicy, lookOf, needsLook, stepKey } from '../tenancy/dkim-keys.ts';
import { atSomeServers, keyTrouble } from '../tenancy/dkim-trouble.ts';
import type { DnsAnswer } from '../tenancy/dns/lookup.ts';
import type { Chore } from './housekeeping.ts';

/** What is asked about a key: the text at its name, at every authoritative server where they can be told apart. */
export interface KeyLookup {
  /** One answer for each server; never empty, never rejects. */
  everyTxt(name: string): Promise<readonly DnsAnswer<string>[]>;
}

export interface StepKeysDeps {
  readonly pool: pg.Pool;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Log;
  readonly lookup: KeyLookup;
  readonly policy: KeyPolicy;
  /** Ends the work between two keys. */
  readonly signal?: AbortSignal;
}

export interface StepKeys {
  /** Looks at all keys of a domain that are on their way, now. The caller has checked whose domain it is. */
  domain(domainId: string): Promise<void>;
  /** One turn over what is due; answers how many keys were looked at. */
  turn(): Promise<number>;
}

const EVERY_MS = 30_000;
/** Keys of one turn; what is left comes in the next. */
const BATCH = 50;
const BATCHES_MAX = 20;
/** Looks at once: each is a handful of small questions. */
const AT_ONCE = 8;
/** A runner that dies leaves its keys to others after this: a look with every server silent takes a minute. */
const LEASE_S = 300;

export function makeStepKeys(deps: StepKeysDeps): StepKeys {
  async function stepAll(due: readonly DueKey[]): Promise<void> {
    for (let at = 0; at < due.length && deps.signal?.aborted !== true; at += AT_ONCE) {
      await Promise.all(due.slice(at, at + AT_ONCE).map((key) => step(deps, key)));
    }
  }
  return {
    async domain(domainId) {
      await stepAll(await readMovingKeys(deps.pool, domainId));
    },
    async turn() {
      let seen = 0;
      for (let batch = 0; batch < BATCHES_MAX && deps.signal?.aborted !== true; batch += 1) {
        const due = await takeDueKeys(deps.pool, { limit: BATCH, seconds: LEASE_S });
        await stepAll(due);
        seen += due.length;
        if (due.length < BATCH) break;
      }
      return seen;
    },
  };
}

/** The chore of the jobs role. */
export function stepKeysChore(keys: StepKeys): Chore {
  return {
    name: 'step-dkim-keys',
    everyMs: EVERY_MS,
    async run() {
      await keys.turn();
    },
  };
}

async function step(deps: StepKeysDeps, key: DueKey): Promise<void> {
  const { pool, log, policy } = deps;
  const nowMs = deps.clock.nowMs();
  const look = needsLook(key, policy, nowMs) ? await lookAtKey(deps.lookup, key) : null;
  const next = stepKey(key, look, policy, nowMs);
  const said = { domain_id: key.domainId, selector: key.selector, algorithm: key.algorithm };
  if (next.to === 'revoked') {
    if (await revokeDkimKey(pool, key.id)) log.info({ event: 'dkim_key_revoked', ...said });
    return;
  }
  if (next.to === 'active') {
    const done = await withOwner(pool, async (db) => {
      // Holding the domain keeps a rotation or a removal from coming in between.
      return (await lockKeyedDomain(db, key.tenantId, key.domainId)) && switchDkimKey(db, key, policy.retireMs);
    });
    if (!done) return;
    log.info({ event: 'dkim_key_signs', ...said, retired: done.retired });
    return;
  }
  const looked = look !== null;
  const trouble = look === null || look.kind === 'seen' ? null : look.trouble;
  const to = next.to === 'stay' ? null : next.to;
  const noted = await noteKeyStep(pool, key, { to, dueMs: next.dueMs, looked, ttlS: look?.kind === 'seen' ? look.ttlS : null, trouble });
  if (noted && to !== null) log.info({ event: to === 'new' ? 'dkim_key_lost' : 'dkim_key_seen', ...said });
}

type LookedKey = Pick<DueKey, 'selector' | 'domain' | 'algorithm' | 'public_key'>;

/** Looks at the key's own name: it is seen when every server that could be asked has it, and at least one could. */
export async function lookAtKey(lookup: KeyLookup, key: LookedKey): Promise<KeyLook> {
  const host = `${key.selector}._domainkey.${key.domain}`;
  const looks = (await lookup.everyTxt(host)).map((answer) => lookOfAnswer(answer, host, key));
  const wrong = looks.find((look) => look.kind === 'wrong');
  if (wrong)
    return looks.length > 1 && looks.some((look) => look.kind === 'seen') ? { ...wrong, trouble: atSomeServers(wrong.trouble) } : wrong;
  const unreachable = looks.find((look) => look.kind === 'unreachable');
  if (unreachable) return unreachable;
  const ttls = looks.flatMap((look) => (look.kind === 'seen' ? [look.ttlS] : []));
  return ttls.length === 0
    ? { kind: 'unreachable', trouble: keyTrouble('no-answer', { host }) }
    : { kind: 'seen', ttlS: Math.max(...ttls) };
}

function lookOfAnswer(answer: DnsAnswer<string>, host: string, key: LookedKey): KeyLook {
  if (answer.ok) return lookOf(answer.values, answer.ttlS, key);
  if (answer.why === 'missing') return { kind: 'wrong', trouble: keyTrouble('no-record', { host }) };
  return { kind: 'unreachable', trouble: keyTrouble('no-answer-because', { host, detail: answer.detail }) };
}
