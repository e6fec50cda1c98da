// This file is the sink of the kill benchmark: a process of its own that remembers every recipient it took, in order, and how many transactions
// are open; killing the desk does not touch it. It answers after a random moment, so that some transactions are always open.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { startNodeSink } from '../kit/node-sink.ts';
import type { Workshop } from '../kit/workshop.ts';

export interface RememberingSink {
  readonly port: number;
  /** How often each recipient arrived, up to now. */
  arrivals(): Promise<ReadonlyMap<string, number>>;
  /** Transactions that are open at this moment. */
  open(): Promise<number>;
}

type Question = { readonly from: number };
interface Answer {
  readonly open: number;
  readonly recipients: readonly string[];
}

const REPLY_MOST_MS = 15;

export async function startRememberingSink(shop: Workshop): Promise<RememberingSink> {
  const child = fork(import.meta.filename, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  shop.defer(() => child.kill('SIGKILL'));
  // Its first word is its port.
  const [port] = (await once(child, 'message')) as [number];
  const counts = new Map<string, number>();
  let seen = 0;
  const ask = async (): Promise<number> => {
    const { open, recipients } = await exchange(child, { from: seen });
    seen += recipients.length;
    for (const address of recipients) counts.set(address, (counts.get(address) ?? 0) + 1);
    return open;
  };
  return {
    port,
    open: ask,
    async arrivals() {
      await ask();
      return counts;
    },
  };
}

async function exchange(child: ChildProcess, question: Question): Promise<Answer> {
  child.send(question);
  // The child answers nothing else after its port.
  const [answer] = (await once(child, 'message')) as [Answer];
  return answer;
}

async function main(): Promise<void> {
  const taken: string[] = [];
  const sink = await startNodeSink({
    onMail: ({ recipients }) => void taken.push(...recipients),
    replyAfterMs: () => Math.random() * REPLY_MOST_MS,
  });
  process.on('message', ({ from }: Question) => process.send?.({ open: sink.open(), recipients: taken.slice(from) } satisfies Answer));
  process.on('disconnect', () => process.exit(0));
  process.send?.(sink.port);
}

if (import.meta.main) await main();
