// This file judges what the killed desk did: every accepted message reached the sink or has a stated end, the ledger balances, and there are no
// more copies than hand-overs were open when something died.
import type { RecipientState } from '../../src/delivery/states.ts';
import type { DeskProcess } from '../kit/desk.ts';
import { until } from '../kit/wait.ts';
import type { KillClient } from './client.ts';
import type { RememberingSink } from './sink.ts';

export interface Judgement {
  readonly accepted: number;
  readonly unanswered: number;
  readonly refused: number;
  /** Not answered, or refused, and yet stored and handed over. */
  readonly unansweredArrived: number;
  readonly refusedArrived: number;
  readonly arrived: number;
  /** Second and further copies at the sink. */
  readonly copies: number;
  /** Hand-overs that were open when their node died or their line broke, by the desk's own event log. */
  readonly uncertain: number;
  /** Accepted, not arrived, with a state that says why. */
  readonly ended: number;
  readonly faults: readonly string[];
}

export type Policy = 'resend' | 'hold';

const OPEN_STATES: readonly RecipientState[] = ['scheduled', 'queued', 'submitting', 'uncertain', 'deferred'];
/**
 * State and reason. A message that waits for a person, as "hold" asks for; under "resend" only one that was in doubt twice, because a second kill
 * met its second try.
 */
const STATED_ENDS: Readonly<Record<Policy, readonly string[]>> = {
  resend: ['held uncertain-twice'],
  hold: ['held uncertain', 'held uncertain-twice'],
};
/** Recovery, the wait for news (2 s here), the resend, and a retry of what was requeued. */
const SETTLE_LIMIT_MS = 120_000;
const LOOK_MS = 200;
const SHOWN = 5;

/** Reads the ledger; a difference is a fault. */
export async function ledgerFault(desk: DeskProcess): Promise<string[]> {
  const { difference, injected } = await desk.api.ledger();
  return difference === 0 ? [] : [`right after the start the ledger is out of balance by ${difference} of ${injected}`];
}

/** Waits until nothing is open any more and compares everybody's memory. */
export async function judge(desk: DeskProcess, told: { client: KillClient; sink: RememberingSink; policy: Policy }): Promise<Judgement> {
  const { client, sink, policy } = told;
  const faults: string[] = [];
  await until(
    'everything to settle',
    async () => {
      const { states, difference } = await desk.api.ledger();
      if (difference !== 0) faults.push(`while settling: the ledger is out of balance by ${difference}`);
      return OPEN_STATES.every((state) => states[state] === 0);
    },
    { limitMs: SETTLE_LIMIT_MS, everyMs: LOOK_MS },
  ).catch(async (error: unknown) => {
    const { states } = await desk.api.ledger();
    faults.push(`${String(error)}: ${JSON.stringify(Object.fromEntries(Object.entries(states).filter(([, n]) => n > 0)))}`);
  });
  const arrivals = await sink.arrivals();
  const missing = [...client.accepted].filter((address) => !arrivals.has(address));
  const ends = await endsOf(desk, missing);
  const stated = STATED_ENDS[policy];
  const lost = missing.filter((address) => !stated.includes(ends.get(address) ?? ''));
  if (lost.length > 0)
    faults.push(`${lost.length} accepted messages neither arrived nor came to a stated end: ${await histories(desk, lost)}`);
  const ended = missing.length - lost.length;
  const repeated = [...arrivals].filter(([, count]) => count > 1);
  const copies = repeated.reduce((sum, [, count]) => sum + count - 1, 0);
  const uncertain = await uncertainEvents(desk);
  const allowed = policy === 'hold' ? 0 : uncertain;
  if (copies > allowed)
    faults.push(
      `${copies} copies, ${allowed} allowed: ${await histories(
        desk,
        repeated.map(([address]) => address),
      )}`,
    );
  const among = (addresses: Iterable<string>) => [...addresses].filter((address) => arrivals.has(address)).length;
  return {
    accepted: client.accepted.size,
    unanswered: client.unanswered.size,
    refused: client.refused.size,
    unansweredArrived: among(client.unanswered),
    refusedArrived: among(client.refused.keys()),
    arrived: arrivals.size,
    copies,
    uncertain,
    ended,
    faults: [...new Set(faults)],
  };
}

async function endsOf(desk: DeskProcess, addresses: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await desk.db.query<{ address: string; ending: string }>(
    "select address, state || ' ' || coalesce(reason, '') as ending from recipients where address = any ($1)",
    [addresses],
  );
  return new Map(rows.map((row) => [row.address, row.ending]));
}

async function uncertainEvents(desk: DeskProcess): Promise<number> {
  const { rows } = await desk.db.query<{ n: number }>("select count(*)::int as n from events where type = 'uncertain'");
  return rows[0]?.n ?? 0;
}

/** What the desk wrote about the first few of them, for whoever has to find out why. */
async function histories(desk: DeskProcess, addresses: readonly string[]): Promise<string> {
  const { rows } = await desk.db.query<{ line: string }>(
    `select r.address || ' ' || r.state || ' ' || r.id || ' marks ' || r.marks || ' attempts ' || r.attempts || ' lease ' || coalesce(r.lease::text, '-')
       || ' at ' || r.state_at || ' reason ' || coalesce(r.reason, '-') || ' events '
       || coalesce((select string_agg(e.type || '@' || e.at, ', ' order by e.id) from events e where e.recipient_id = r.id), 'none') as line
     from recipients r where address = any ($1) order by r.id limit ${SHOWN}`,
    [addresses],
  );
  const unknown = rows.length === 0 ? `no row for ${addresses.slice(0, SHOWN).join(', ')}` : '';
  return rows.map((row) => row.line).join(' | ') + unknown;
}
