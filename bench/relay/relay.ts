// This file is `bench relay`: 4 KB messages by submission SMTP → durable → SMTP smarthost, 20 sessions, the desk against Postfix turn by turn in
// one run: plain, signed, a new connection per message, STARTTLS with AUTH; with --deep also against a desk with millions of rows.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startSink } from '../kit/load.ts';
import type { Sink } from '../kit/load-shapes.ts';
import { freePort } from '../kit/ports.ts';
import type { Bench } from '../kit/report.ts';
import { type Workshop, withWorkshop } from '../kit/workshop.ts';
import { compareDeep } from './deep.ts';
import { startDeskSystem } from './desk-system.ts';
import { watchLedger } from './features.ts';
import { measureModes, type Relay, type Sizes } from './modes.ts';
import { postfixMissing, startPostfix } from './postfix.ts';
import { profileRelay } from './profile.ts';
import { relayReport } from './relay-report.ts';
import type { RelayResult } from './relay-result.ts';
import type { LoadShape } from './rounds.ts';

/** The agreed load: 20 sessions, 4 KB, 20,000 messages. Signed and per-connection runs are shorter, for the other side's sake. */
const FULL: Sizes = {
  warmUp: 15_000,
  warmUpSmall: 2_000,
  plain: 20_000,
  signed: 8_000,
  newConnections: 8_000,
  secured: 3_000,
  pairs: 3,
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
const LOAD: LoadShape = { sessions: 20, bytes: 4096, kept: true, to: 'member@dest.example', distinct: false };
const DOMAIN = 'signed-bench.example';
const ALL_MODES = ['plain', 'signed', 'new', 'secured'] as const;
const DEEP = { stored: 10_000_000, queued: 1_000_000 };
const DEEP_QUICK = { stored: 1_000_000, queued: 100_000 };

/**
 * Options: --deep, --profile, --distinct (no two recipients the same), --only plain,signed,new,secured (or "none" with --deep or --profile),
 * --pairs N, --stored N, --queued N.
 */
export const benchRelay: Bench = async ({ quick, args }) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      deep: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      distinct: { type: 'boolean', default: false },
      only: { type: 'string', default: ALL_MODES.join(',') },
      pairs: { type: 'string' },
      stored: { type: 'string' },
      queued: { type: 'string' },
    },
  });
  const pairs = values.pairs ? { pairs: Number(values.pairs), pairsMore: Number(values.pairs) } : {};
  const sizes = { ...(quick ? QUICK : FULL), ...pairs };
  const load = { ...LOAD, distinct: values.distinct };
  const modes = ALL_MODES.filter((mode) => values.only.split(',').includes(mode));
  const { warmUp, plain: messages } = sizes;
  const { stored, queued } = quick ? DEEP_QUICK : DEEP;
  const result = await withWorkshop('relay', async (shop): Promise<RelayResult> => {
    const relay = await openRelay(shop);
    const measured = await measureModes(shop, relay, { sizes, load, modes, ledger: watchLedger(relay.desk) });
    const deep = values.deep
      ? await compareDeep(shop, {
          ...{ empty: relay.desk, load, messages, pairs: sizes.pairsMore, warmUp },
          ...{ stored: Number(values.stored ?? stored), queued: Number(values.queued ?? queued) },
        })
      : null;
    const profile = values.profile ? await profileRelay(shop, { load, messages, warmUp }) : null;
    return { ...measured, missing: relay.missing, postfixVersion: relay.postfix?.version ?? null, deep, profile };
  });
  return relayReport(result);
};

async function openRelay(shop: Workshop): Promise<Relay> {
  const sinks: Record<'desk' | 'postfix', Sink> = {
    desk: await startSink(shop, 'sink-desk', await freePort()),
    postfix: await startSink(shop, 'sink-postfix', await freePort()),
  };
  let earlier = 0;
  const desk = await startDeskSystem(shop, { name: 'Packetboat', domain: DOMAIN, sink: () => sinks.desk });
  const missing = postfixMissing();
  if (missing !== null) shop.say(`${missing}: absolute figures only`);
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
