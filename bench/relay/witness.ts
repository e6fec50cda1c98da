// This file looks at what leaves a system: one message is handed in while a sink that remembers has the sink's port. With it the benchmark proves
// that signed runs are signed: the signature is verified, by mailauth, against the key that belongs in DNS.
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { runSource } from '../kit/load.ts';
import type { Load } from '../kit/load-shapes.ts';
import { startNodeSink, type TakenMail } from '../kit/node-sink.ts';
import { until } from '../kit/wait.ts';
import type { Workshop } from '../kit/workshop.ts';
import type { RelaySystem } from './system.ts';

const LIMIT_MS = 30_000;

/** Hands one message in and answers it as it came out. Nobody else may listen on `port`. */
export async function witness(
  shop: Workshop,
  system: RelaySystem,
  port: number,
  load: Omit<Load, 'port' | 'from' | 'messages'>,
): Promise<TakenMail> {
  let taken: TakenMail | null = null;
  const sink = await startNodeSink({
    port,
    onMail: (mail) => {
      taken = mail;
    },
  });
  try {
    await runSource(shop, { ...load, port: system.port, from: system.from, sessions: 1, messages: 1 });
    return await until<TakenMail>(`a message out of ${system.name}`, () => taken, { limitMs: LIMIT_MS });
  } finally {
    await sink.close();
  }
}

/** The signature's algorithm and size ("rsa-sha256, 2048 bit") when it verifies with `record` as its key; rejects when it does not. */
export async function verifiedSignature(mail: TakenMail, record: (name: string) => string | null): Promise<string> {
  const resolver = async (name: string, type: string) => {
    const value = type === 'TXT' ? record(name.toLowerCase()) : null;
    if (value === null) throw Object.assign(new Error(`no ${type} record of ${name}`), { code: 'ENOTFOUND' });
    return [[value]];
  };
  const { results } = await dkimVerify(mail.data, { resolver });
  const passed = results.find((result) => result.status.result === 'pass');
  if (!passed)
    throw new Error(
      `no valid DKIM signature: ${results.map((result) => result.status.comment ?? result.status.result).join(', ') || 'none at all'}`,
    );
  return `${passed.algo}, ${passed.modulusLength ?? '?'} bit`;
}
