// This file lets one scrape speak for all processes of this machine: they share a port, so whichever is asked gathers what the others counted,
// by way of the first process, and adds it up. A process that does not answer in time is left out and shows in `packetboat_processes`.
import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, type Registry } from 'prom-client';

type Counted = MetricObjectWithValues<MetricValue<string>>[];

/** What goes between the processes: a question of one, passed on to all, and the answers on the way back. */
type Letter =
  | { readonly kind: 'metrics-wanted'; readonly id: number }
  | { readonly kind: 'metrics-told'; readonly id: number; readonly counted: Counted }
  | { readonly kind: 'metrics-of-all'; readonly id: number; readonly all: readonly Counted[] };

/** Collectors wait ten seconds by default; a process that is busy for two is left out of this one answer. */
const ANSWER_MS = 2_000;

/** Text of the metrics: of this process, or of all where there are several. */
export function shareMetrics(registry: Registry): () => Promise<string> {
  if (!cluster.isWorker) return () => registry.metrics();
  const waiting = new Map<number, (all: readonly Counted[]) => void>();
  let count = 0;
  process.on('message', (letter) => {
    if (!isLetter(letter)) return;
    if (letter.kind === 'metrics-of-all') waiting.get(letter.id)?.(letter.all);
    if (letter.kind === 'metrics-wanted') void counted(registry).then((own) => send({ kind: 'metrics-told', id: letter.id, counted: own }));
  });
  return async () => {
    count += 1;
    const id = count;
    const all = await new Promise<readonly Counted[]>((resolve) => {
      // The first process gives up earlier than this; a channel that is broken must not keep the collector waiting.
      const limit = setTimeout(() => resolve([]), ANSWER_MS * 2);
      waiting.set(id, (answers) => {
        clearTimeout(limit);
        resolve(answers);
      });
      send({ kind: 'metrics-wanted', id });
    });
    waiting.delete(id);
    return all.length === 0 ? registry.metrics() : AggregatorRegistry.aggregate([...all]).metrics();
  };
}

/** In the first process: passes questions on, and gathers the answers. */
export function gatherMetrics(alive: ReadonlySet<Worker>): (from: Worker, message: unknown) => void {
  const open = new Map<number, { readonly all: Counted[]; readonly missing: Set<Worker>; readonly done: () => void }>();
  let count = 0;
  return (from, message) => {
    if (!isLetter(message)) return;
    if (message.kind === 'metrics-told') {
      const question = open.get(message.id);
      if (!question?.missing.delete(from)) return;
      question.all.push(message.counted);
      if (question.missing.size === 0) question.done();
    }
    if (message.kind === 'metrics-wanted') {
      count += 1;
      const id = count;
      const limit = setTimeout(() => open.get(id)?.done(), ANSWER_MS);
      const question = {
        all: [],
        missing: new Set(alive),
        done: () => {
          clearTimeout(limit);
          open.delete(id);
          tell(from, { kind: 'metrics-of-all', id: message.id, all: question.all });
        },
      };
      open.set(id, question);
      for (const worker of question.missing) tell(worker, { kind: 'metrics-wanted', id });
    }
  };
}

async function counted(registry: Registry): Promise<Counted> {
  return registry.getMetricsAsJSON();
}

function send(letter: Letter): void {
  if (process.connected) process.send?.(letter);
}

/** One that dies meanwhile simply does not answer. */
function tell(worker: Worker, letter: Letter): void {
  if (worker.isConnected()) worker.send(letter, () => undefined);
}

function isLetter(message: unknown): message is Letter {
  return typeof message === 'object' && message !== null && 'kind' in message && String(message.kind).startsWith('metrics-');
}
