// This file measures the ways mail comes in, each beside Postfix: over kept connections, signed, with a new connection for each message, and with
// STARTTLS and AUTH; and proves on the way that the desk's features were on.
import { limitFor } from '../kit/load.ts';
import { runOwnSource } from '../kit/own-source.ts';
import type { Workshop } from '../kit/workshop.ts';
import type { DeskSystem } from './desk-system.ts';
import { type LedgerWatch, proveSuppression, readFeatures } from './features.ts';
import type { Postfix } from './postfix.ts';
import { type Comparison, type Contender, compare, type LoadShape } from './rounds.ts';
import type { RelaySystem, Source } from './system.ts';
import { verifiedSignature, witness } from './witness.ts';

export interface Sizes {
  readonly warmUp: number;
  readonly warmUpSmall: number;
  readonly plain: number;
  readonly signed: number;
  readonly newConnections: number;
  readonly secured: number;
  readonly pairs: number;
  readonly pairsMore: number;
}

export interface Relay {
  readonly desk: DeskSystem;
  readonly postfix: Postfix | null;
  /** Why there is no Postfix. */
  readonly missing: string | null;
  /** Ends the sink of a system while `work` has its port, then starts it again. */
  withPort<T>(which: 'desk' | 'postfix', work: (port: number) => Promise<T>): Promise<T>;
  /** Messages that left the desk so far. */
  handedOver(): number;
}

export interface Modes {
  /** What was measured. */
  readonly modes: readonly string[];
  readonly plain: Comparison | null;
  readonly signed: Comparison | null;
  readonly newConnections: Comparison | null;
  readonly secured: readonly Comparison[];
  readonly features: readonly string[];
}

export interface ModesOptions {
  readonly sizes: Sizes;
  readonly load: LoadShape;
  readonly modes: readonly ('plain' | 'signed' | 'new' | 'secured')[];
  readonly ledger: LedgerWatch;
}

export async function measureModes(shop: Workshop, relay: Relay, options: ModesOptions): Promise<Modes> {
  const { desk, postfix } = relay;
  const { sizes, load, modes, ledger } = options;
  const has = (mode: (typeof modes)[number]) => modes.includes(mode);
  const proofs: string[] = [];
  let plain: Comparison | null = null;
  if (has('plain')) {
    plain = await compare(shop, {
      ...pair(postfix?.plain, desk.plain, { ours: sizes.warmUp, base: sizes.warmUpSmall }),
      ...{ what: 'kept connections', load, messages: sizes.plain, pairs: sizes.pairs, watch: ledger.during },
    });
    proofs.push(await proveSuppression(shop, desk, load));
  }
  let signed: Comparison | null = null;
  if (has('signed')) {
    proofs.push(await proveSignatures(shop, relay, load));
    signed = await compare(shop, {
      ...pair(postfix?.signed, desk.signed, { ours: has('plain') ? sizes.warmUpSmall : sizes.warmUp, base: sizes.warmUpSmall }),
      ...{ what: 'signed, RSA-2048', load, messages: sizes.signed, pairs: sizes.pairsMore, watch: ledger.during },
    });
  }
  let newConnections: Comparison | null = null;
  if (has('new')) {
    newConnections = await compare(shop, {
      ...pair(postfix?.plain, desk.plain, { ours: has('plain') ? sizes.warmUpSmall : sizes.warmUp, base: sizes.warmUpSmall }),
      ...{ what: 'new connection each', load: { ...load, kept: false }, messages: sizes.newConnections, pairs: sizes.pairsMore },
      watch: ledger.during,
    });
  }
  const secured = has('secured') ? await measureSecured(shop, relay, options) : [];
  const features = modes.length > 0 ? [...(await readFeatures(desk, ledger, relay.handedOver())), ...proofs] : [];
  return { modes, plain, signed, newConnections, secured, features };
}

async function measureSecured(shop: Workshop, { desk, postfix }: Relay, { sizes, load }: ModesOptions): Promise<Comparison[]> {
  const found: Comparison[] = [];
  const contender = (system: RelaySystem & { login: { username: string; password: string } }): Contender => {
    const source: Source = (given) => runOwnSource(shop, { ...given, login: system.login }, limitFor(given.messages));
    return { system, warmUp: Math.ceil(sizes.secured / 2), source };
  };
  for (const kept of [true, false]) {
    found.push(
      await compare(shop, {
        what: kept ? 'TLS + AUTH, kept' : 'TLS + AUTH, new each',
        base: postfix?.secured ? contender(postfix.secured) : null,
        ours: contender(desk.secured),
        load: { ...load, kept },
        messages: sizes.secured,
        pairs: 1,
      }),
    );
  }
  return found;
}

function pair(base: RelaySystem | null | undefined, ours: RelaySystem, warmUp: { base: number; ours: number }) {
  return { base: base ? { system: base, warmUp: warmUp.base } : null, ours: { system: ours, warmUp: warmUp.ours } };
}

/** Both sides sign for real, or the comparison is worth nothing. Answers what our signature is. */
async function proveSignatures(shop: Workshop, relay: Relay, load: LoadShape): Promise<string> {
  const { desk, postfix } = relay;
  const { data } = await desk
    .desk()
    .api.get<{ data: { records: { host: string; value: string }[] }[] }>(`/v1/tenants/${desk.tenant.id}/domains`);
  const records = data.flatMap((domain) => domain.records);
  const ours = await relay.withPort('desk', (port) => witness(shop, desk.signed, port, load));
  const answer = await verifiedSignature(ours, (name) => records.find((record) => record.host.toLowerCase() === name)?.value ?? null);
  const base = postfix?.signed;
  if (base) {
    const theirs = await relay.withPort('postfix', (port) => witness(shop, base, port, load));
    await verifiedSignature(theirs, (name) => (name === base.record.name ? base.record.value : null));
  }
  return `DKIM in the signed runs (${answer}, verified by mailauth)`;
}
