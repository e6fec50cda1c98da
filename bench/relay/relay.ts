// This file is `bench relay`: 4 KB messages by submission SMTP → durable → SMTP smarthost, 20 sessions, the desk against Postfix turn by turn in
// one run: plain, signed, a new connection per message, STARTTLS with AUTH; with --deep also against a desk with millions of rows.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Sink, startSink } from '../kit/load.ts';
import { freePort } from '../kit/ports.ts';
import type { Bench } from '../kit/report.ts';
import { type Workshop, withWorkshop } from '../kit/workshop.ts';
import { compareDeep, type DeepResult } from './deep.ts';
import { type DeskSystem, startDeskSystem } from './desk-system.ts';
import { proveSuppression, readFeatures, watchLedger } from './features.ts';
import { type Postfix, postfixMissing, startPostfix } from './postfix.ts';
import { type ProfileResult, profileRelay } from './profile.ts';
import { relayReport } from './relay-report.ts';
import { type Comparison, compare, type LoadShape } from './rounds.ts';
import { runSecureSource } from './secure-source.ts';
import type { RelaySystem, Source } from './system.ts';
import { verifiedSignature, witness } from './witness.ts';

export interface RelayResult {
  readonly missing: string | null;
  readonly postfixVersion: string | null;
  readonly plain: Comparison;
  readonly signed: Comparison;
  readonly newConnections: Comparison;
  readonly secured: readonly Comparison[];
  readonly features: readonly string[];
  readonly deep: DeepResult | null;
  readonly profile: ProfileResult | null;
}

interface Sizes {
  readonly warmUp: number;
  readonly warmUpSmall: number;
  readonly plain: number;
  readonly signed: number;
  readonly newConnections: number;
  readonly secured: number;
  readonly pairs: number;
  readonly pairsMore: number;
}

/** The agreed load: 20 sessions, 4 KB, 20,000 messages. Signed and per-connection runs are shorter, for the other side's sake. */
const FULL: Sizes = {
  warmUp: 15_000,
  warmUpSmall: 2_000,
  plain: 20_000,
  signed: 10_000,
  newConnections: 10_000,
  secured: 4_000,
  pairs: 5,
  pairsMore: 3,
};
const QUICK: Sizes = {
  warmUp: 6_000,
  warmUpSmall: 500,
  plain: 5_000,
  signed: 1_500,
  newConnections: 1_500,
  secured: 1_000,
  pairs: 2,
  pairsMore: 1,
};
/** Before a kept-alive connection to the old sink is reused, both sides must have noticed that it is gone. */
const LOAD: LoadShape = { sessions: 20, bytes: 4096, kept: true, to: 'member@dest.example', distinct: false };
const DOMAIN = 'signed-bench.example';
const SMTP_SOURCE = '/usr/sbin/smtp-source';

export const benchRelay: Bench = async ({ quick, args }) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      deep: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      distinct: { type: 'boolean', default: false },
      pairs: { type: 'string' },
      stored: { type: 'string' },
      queued: { type: 'string' },
    },
  });
  const sizes = { ...(quick ? QUICK : FULL), ...(values.pairs ? { pairs: Number(values.pairs) } : {}) };
  const load = { ...LOAD, distinct: values.distinct };
  if (!existsSync(SMTP_SOURCE)) throw new Error('smtp-source and smtp-sink are not installed; they come with the package "postfix".');
  const result = await withWorkshop('relay', async (shop) => {
    const relay = await openRelay(shop);
    const measured = await measureAll(shop, relay, { sizes, load });
    const deep = values.deep
      ? await compareDeep(shop, {
          empty: relay.desk,
          load,
          messages: sizes.plain,
          pairs: sizes.pairsMore,
          warmUp: sizes.warmUp,
          ...deepSizes(quick, values),
        })
      : null;
    const profile = values.profile ? await profileRelay(shop, { load, messages: sizes.plain, warmUp: sizes.warmUp }) : null;
    return { ...measured, deep, profile };
  });
  return relayReport(result);
};

function deepSizes(
  quick: boolean,
  values: { stored?: string | undefined; queued?: string | undefined },
): { stored: number; queued: number } {
  return {
    stored: Number(values.stored ?? (quick ? 1_000_000 : 10_000_000)),
    queued: Number(values.queued ?? (quick ? 100_000 : 1_000_000)),
  };
}

interface Relay {
  readonly desk: DeskSystem;
  readonly postfix: Postfix | null;
  readonly missing: string | null;
  /** Ends the sink of a system while `work` has its port, then starts it again. */
  withPort<T>(which: 'desk' | 'postfix', work: (port: number) => Promise<T>): Promise<T>;
  /** Messages that left the desk so far. */
  handedOver(): number;
}

async function openRelay(shop: Workshop): Promise<Relay> {
  const sinks: Record<'desk' | 'postfix', Sink> = {
    desk: await startSink(shop, 'sink-desk', await freePort()),
    postfix: await startSink(shop, 'sink-postfix', await freePort()),
  };
  let earlier = 0;
  const desk = await startDeskSystem(shop, { name: 'Packetboat', domain: DOMAIN, sink: () => sinks.desk });
  const missing = postfixMissing();
  const { dataDir } = desk.desk();
  const tls = { certificate: join(dataDir, 'tls', 'self-signed.pem'), key: join(dataDir, 'tls', 'self-signed.key') };
  const postfix = missing === null ? await startPostfix(shop, { sink: () => sinks.postfix, tls, domain: DOMAIN }) : null;
  return {
    desk,
    postfix,
    missing,
    async withPort(which, work) {
      const { port } = sinks[which];
      if (which === 'desk') earlier += sinks.desk.taken() + 1;
      await sinks[which].stop();
      try {
        return await work(port);
      } finally {
        sinks[which] = await startSink(shop, `sink-${which}`, port);
      }
    },
    handedOver: () => earlier + sinks.desk.taken(),
  };
}

async function measureAll(
  shop: Workshop,
  relay: Relay,
  { sizes, load }: { sizes: Sizes; load: LoadShape },
): Promise<Omit<RelayResult, 'deep' | 'profile'>> {
  const { desk, postfix } = relay;
  const ledger = watchLedger(desk);
  const pair = (base: RelaySystem | null | undefined, ours: RelaySystem, warmUp: number, sources?: { base: Source; ours: Source }) => ({
    base: base ? { system: base, warmUp: Math.min(warmUp, sizes.warmUpSmall), ...(sources ? { source: sources.base } : {}) } : null,
    ours: { system: ours, warmUp, ...(sources ? { source: sources.ours } : {}) },
  });
  const plain = await compare(shop, {
    ...pair(postfix?.plain, desk.plain, sizes.warmUp),
    ...{ what: 'kept connections', load, messages: sizes.plain, pairs: sizes.pairs, watch: ledger.during },
  });
  const suppression = await proveSuppression(shop, desk, load);
  const signature = await proveSignatures(shop, relay, load);
  const signed = await compare(shop, {
    ...pair(postfix?.signed, desk.signed, sizes.warmUpSmall),
    ...{ what: 'signed, RSA-2048', load, messages: sizes.signed, pairs: sizes.pairsMore, watch: ledger.during },
  });
  const newConnections = await compare(shop, {
    ...pair(postfix?.plain, desk.plain, sizes.warmUpSmall),
    ...{ what: 'new connection each', load: { ...load, kept: false }, messages: sizes.newConnections, pairs: sizes.pairsMore },
  });
  const secured: Comparison[] = [];
  for (const kept of [true, false]) {
    const source =
      (login: { username: string; password: string }): Source =>
      (given) =>
        runSecureSource(shop, { ...given, ...login });
    const base = postfix?.secured;
    secured.push(
      await compare(shop, {
        ...pair(base, desk.secured, Math.min(sizes.warmUpSmall, sizes.secured / 2), {
          base: source(base ?? desk.secured),
          ours: source(desk.secured),
        }),
        ...{
          what: kept ? 'TLS + AUTH, kept' : 'TLS + AUTH, new each',
          load: { ...load, kept, distinct: false },
          messages: sizes.secured,
          pairs: 1,
        },
      }),
    );
  }
  const features = [...(await readFeatures(desk, ledger, relay.handedOver())), suppression, signature];
  return { missing: relay.missing, postfixVersion: postfix?.version ?? null, plain, signed, newConnections, secured, features };
}

/** Both sides sign for real, or the comparison is worth nothing. Answers what our signature is. */
async function proveSignatures(shop: Workshop, relay: Relay, load: LoadShape): Promise<string> {
  const { desk, postfix } = relay;
  const domains = await desk
    .desk()
    .api.get<{ data: { records: { type: string; host: string; value: string }[] }[] }>(`/v1/tenants/${desk.tenant.id}/domains`);
  const records = domains.data.flatMap((domain) => domain.records);
  const ours = await relay.withPort('desk', (port) => witness(shop, desk.signed, port, load));
  const answer = await verifiedSignature(ours, (name) => records.find((record) => record.host.toLowerCase() === name)?.value ?? null);
  const base = postfix?.signed;
  if (base) {
    const theirs = await relay.withPort('postfix', (port) => witness(shop, base, port, load));
    await verifiedSignature(theirs, (name) => (name === base.record.name ? base.record.value : null));
  }
  return `DKIM in the signed runs (${answer}, verified by mailauth)`;
}
