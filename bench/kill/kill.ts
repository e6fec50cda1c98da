// This file is `bench kill`: kill -9 of the node under load at random moments, of PostgreSQL, and of both; then the desk is started again and
// asked for everything it accepted. Once with "resend" for hand-overs of unknown fate, once with "hold".
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DeskProcess, startDesk } from '../kit/desk.ts';
import { count, median, round, table } from '../kit/figures.ts';
import { freePort } from '../kit/ports.ts';
import type { Bench, BenchReport } from '../kit/report.ts';
import { addSmarthost, makeTenant, trustLoopback } from '../kit/tenancy.ts';
import { until } from '../kit/wait.ts';
import { isAlive, type Workshop, withWorkshop } from '../kit/workshop.ts';
import { type KillClient, killClient } from './client.ts';
import { type Judgement, judge, ledgerFault, type Policy } from './judge.ts';
import { type RememberingSink, startRememberingSink } from './sink.ts';

const TITLE = 'Kill -9 under load';
type Victim = 'node' | 'postgres' | 'both';

interface Counts {
  readonly node: number;
  readonly postgres: number;
  readonly both: number;
}

const FULL: Counts = { node: 20, postgres: 5, both: 2 };
const QUICK: Counts = { node: 3, postgres: 2, both: 1 };
/** A kill comes this long after the load began to be taken. */
const KILL_AFTER_MS = { least: 50, most: 2_500 };
/** The waits of "uncertain" are minutes in earnest. */
const UNCERTAIN_WAIT = '2s 2s';
const TAKEN_LIMIT_MS = 60_000;
/** Every third kill is not followed by a look: the next one meets a desk that is still recovering. */
const LOOKS_OF_THREE = 2;

interface Campaign {
  readonly policy: Policy;
  readonly counts: Counts;
  readonly judgement: Judgement;
  readonly looks: number;
  /** Seconds from the kill until the desk took mail again, by victim. */
  readonly back: Readonly<Record<Victim, readonly number[]>>;
  readonly faults: readonly string[];
}

export const benchKill: Bench = async ({ quick }) => {
  const campaigns: Campaign[] = [];
  for (const policy of ['resend', 'hold'] as const) {
    campaigns.push(await withWorkshop(`kill-${policy}`, (shop) => campaign(shop, policy, quick ? QUICK : FULL)));
  }
  return report(campaigns);
};

interface Stage {
  readonly shop: Workshop;
  readonly policy: Policy;
  readonly sink: RememberingSink;
  readonly client: KillClient;
  readonly start: () => Promise<DeskProcess>;
  desk: DeskProcess;
}

async function campaign(shop: Workshop, policy: Policy, counts: Counts): Promise<Campaign> {
  const stage = await setUp(shop, policy);
  /** By what was found, so that what stays wrong is told once, with the kill that brought it. */
  const faults = new Map<string, string>();
  const note = (when: string, found: readonly string[]) => {
    for (const fault of found) if (!faults.has(fault)) faults.set(fault, `after ${when}: ${fault}`);
  };
  const back: Record<Victim, number[]> = { node: [], postgres: [], both: [] };
  let looks = 0;
  for (const [index, victim] of order(counts).entries()) {
    const { backS, says } = await strike(stage, victim);
    back[victim].push(backS);
    note(says, await ledgerFault(stage.desk));
    looks += 1;
    if (index % 3 < LOOKS_OF_THREE) {
      const found = await judge(stage.desk, stage);
      note(says, found.faults);
      looks += 1;
      shop.say(
        `${policy} ${index + 1}: ${says}; ${found.accepted} accepted, ${found.arrived} arrived, ${found.copies} copies of ${found.uncertain} uncertain`,
      );
    } else shop.say(`${policy} ${index + 1}: ${says}; the next one at once`);
  }
  const judgement = await judge(stage.desk, stage);
  note('all of them', judgement.faults);
  return { policy, counts, judgement, looks: looks + 1, back, faults: [...faults.values()] };
}

async function setUp(shop: Workshop, policy: Policy): Promise<Stage> {
  const sink = await startRememberingSink(shop);
  const dataDir = join(shop.folder, 'data');
  const port = await freePort();
  const env = {
    PACKETBOAT_SUBMISSION_PORT: String(port),
    PACKETBOAT_UNCERTAIN_WAIT: UNCERTAIN_WAIT,
    PACKETBOAT_UNCERTAIN_POLICY: policy,
    PACKETBOAT_RETRY_TRANSACTIONAL: '1s; max 1h',
  };
  const start = () => startDesk(shop, { dataDir, env });
  const desk = await start();
  const tenant = await makeTenant(desk.api, 'bench-kill', { signed: false });
  await trustLoopback(desk.api, tenant.id);
  await addSmarthost(desk.api, { name: 'sink', port: sink.port });
  const client = killClient({ port, from: tenant.from, name: policy });
  shop.defer(() => client.stop());
  return { shop, policy, sink, desk, start, client };
}

/** The kinds spread over the campaign, in an order nobody chose. */
function order({ node, postgres, both }: Counts): Victim[] {
  const all: Victim[] = [
    ...Array<Victim>(node).fill('node'),
    ...Array<Victim>(postgres).fill('postgres'),
    ...Array<Victim>(both).fill('both'),
  ];
  for (let at = all.length - 1; at > 0; at -= 1) {
    const other = randomInt(at + 1);
    [all[at], all[other]] = [all[other] ?? 'node', all[at] ?? 'node'];
  }
  return all;
}

/** Load, a random moment, the kill, and the way back. */
async function strike(stage: Stage, victim: Victim): Promise<{ backS: number; says: string }> {
  const { client, desk, sink } = stage;
  client.start();
  await untilTaken(client);
  const afterMs = randomInt(KILL_AFTER_MS.least, KILL_AFTER_MS.most);
  await delay(afterMs);
  const open = await sink.open();
  const killedMs = performance.now();
  const server = desk.postmaster();
  if (victim !== 'node') process.kill(server, 'SIGKILL');
  if (victim !== 'postgres') {
    await desk.kill();
    await client.stop();
    stage.desk = await stage.start();
    client.start();
  }
  await untilDatabaseAnswers(stage.desk, victim === 'node' ? null : server);
  await untilTaken(client);
  const backS = (performance.now() - killedMs) / 1000;
  await client.stop();
  return { backS, says: `kill -9 of ${victim} ${afterMs} ms into the load with ${open} transactions open` };
}

/** Waits until one more message is accepted than before. */
async function untilTaken(client: KillClient): Promise<void> {
  const before = client.accepted.size;
  await until('the desk to take mail', () => client.accepted.size > before, { limitMs: TAKEN_LIMIT_MS });
}

/** The backends of a killed server answer for moments more; only another server counts. */
async function untilDatabaseAnswers(desk: DeskProcess, killed: number | null): Promise<void> {
  const back = () => {
    try {
      const server = desk.postmaster();
      return server !== killed && isAlive(server);
    } catch {
      // Its pid file is being written.
      return false;
    }
  };
  const asked = () =>
    desk.api.ledger().then(
      () => true,
      () => false,
    );
  await until('the database to be back', async () => back() && (await asked()), { limitMs: TAKEN_LIMIT_MS });
}

function report(campaigns: readonly Campaign[]): BenchReport {
  const faults = campaigns.flatMap(({ policy, faults: found }) => found.map((fault) => `${policy}: ${fault}`));
  const of = (policy: Policy) => campaigns.find((each) => each.policy === policy)?.judgement;
  const json = {
    kills: Object.fromEntries(campaigns.map(({ policy, counts }) => [policy, counts])),
    accepted: campaigns.reduce((sum, { judgement }) => sum + judgement.accepted, 0),
    faults: faults.length,
    copies_resend: of('resend')?.copies ?? null,
    uncertain_resend: of('resend')?.uncertain ?? null,
    copies_hold: of('hold')?.copies ?? null,
  };
  const rows = campaigns.map(({ policy, counts, judgement: j, looks }) => [
    policy,
    `${counts.node} node, ${counts.postgres} PostgreSQL, ${counts.both} both`,
    count(j.accepted),
    count(j.arrived - j.unansweredArrived - j.refusedArrived),
    count(j.ended),
    `${count(j.unanswered)}, ${count(j.unansweredArrived)} of them stored`,
    `${count(j.refused)}, ${count(j.refusedArrived)} of them stored`,
    count(j.uncertain),
    count(j.copies),
    looks,
  ]);
  const backRows = (['node', 'postgres', 'both'] as const).map((victim) => {
    const seconds = campaigns.flatMap(({ back }) => back[victim]);
    return [victim, seconds.length, round(median(seconds)), round(Math.max(...seconds))];
  });
  const body = `kill -9 under load (20 sessions, 4 KB messages, a sink that answers within 15 ms) at random moments; every third kill meets a desk that is still recovering. Waits for news shortened to ${UNCERTAIN_WAIT}. "Open at a kill": hand-overs on the wire, or taken by the sink, whose outcome was not committed (the desk's own events of type uncertain).

${table(
  [
    'policy',
    'kills',
    'accepted',
    'of them in the sink',
    'of them ended otherwise',
    'not answered',
    'refused meanwhile',
    'open at a kill',
    'copies',
    'ledger looks',
  ],
  rows,
)}

${faults.length === 0 ? 'Nothing accepted was lost, the ledger difference was 0 at every look, copies stayed within what was open.' : `**${faults.length} faults:**\n\n${faults.map((fault) => `- ${fault}`).join('\n')}`}

Seconds from the kill until mail was accepted again:

${table(['killed', 'times', 'median', 'longest'], backRows)}`;
  return { json, sections: [{ part: '', title: TITLE, body }], faults };
}
