// This file carries reports back to the desk's inbound SMTP door, from the empty return path, over a few kept connections; what cannot be
// handed over now is tried again.
import type { Log } from '../../log.ts';
import type { Agenda } from '../agenda.ts';
import { Line } from './line.ts';
import type { Report } from './reports.ts';

export interface Courier {
  /** Queues one report; `told` is called once when it was taken, refused for good, or given up. */
  send(report: Report, told: () => void): void;
  counts(): { readonly told: number; readonly lost: number; readonly waiting: number };
  /** Stops; what is still queued stays untold. */
  close(): Promise<void>;
}

interface Letter {
  readonly report: Report;
  readonly told: () => void;
  attempt: number;
}

const LINES_MAX = 4;
const WAITING_MAX = 50_000;
const ATTEMPTS = 12;
/** First wait after a temporary refusal, at pace 1; doubling up to the cap. */
const RETRY_MS = 500;
const RETRY_CAP_MS = 60_000;
/** A line nobody needs any more is closed after this. */
const IDLE_MS = 2_000;
const CLOSE_MAX_MS = 2_000;

/** Makes the courier to `inbound`. */
export function makeCourier(deps: {
  inbound: { host: string; port: number };
  agenda: Agenda;
  now: () => number;
  pace: number;
  log: Log;
}): Courier {
  let queue: Letter[] = [];
  let first = 0;
  /** Lines that rest until the next report. */
  let idle: ((letter: Letter | undefined) => void)[] = [];
  const running = new Set<Promise<void>>();
  const lines = new Set<Line>();
  const counts = { told: 0, lost: 0, waiting: 0 };
  let closed = false;

  const settle = (letter: Letter, outcome: 'told' | 'lost') => {
    counts[outcome] += 1;
    counts.waiting -= 1;
    letter.told();
  };
  const again = (letter: Letter, reason: string) => {
    if (closed) return;
    if (letter.attempt >= ATTEMPTS) {
      deps.log.warn({ event: 'simulator_report_given_up', reason });
      return settle(letter, 'lost');
    }
    const waitMs = Math.min(RETRY_MS * 2 ** (letter.attempt - 1), RETRY_CAP_MS) * deps.pace;
    letter.attempt += 1;
    deps.agenda.at(deps.now() + waitMs, () => enqueue(letter));
  };
  const next = (): Letter | undefined => {
    const letter = queue[first];
    if (letter !== undefined) first += 1;
    if (first === queue.length || first > 10_000) {
      queue = queue.slice(first);
      first = 0;
    }
    return letter;
  };
  const carry = async () => {
    const line = new Line(deps.inbound);
    lines.add(line);
    for (let letter = next(); letter !== undefined && !closed; letter = next() ?? (await oneMore())) {
      const outcome = await line.deliver(letter.report);
      if (outcome.kind === 'taken') settle(letter, 'told');
      else if (outcome.kind === 'refused') {
        deps.log.info({ event: 'simulator_report_refused', reply: outcome.reply });
        settle(letter, 'lost');
      } else again(letter, outcome.reply);
      // A broken line serves nobody; the next letter opens a new one.
      if (outcome.kind === 'broken') break;
    }
    lines.delete(line);
    line.close();
  };
  const open = () => {
    if (closed || running.size >= LINES_MAX) return;
    const done = carry().then(() => {
      running.delete(done);
      if (queue.length > first) open();
    });
    running.add(done);
  };
  const enqueue = (letter: Letter) => {
    const resting = idle.shift();
    if (resting !== undefined) return resting(letter);
    queue.push(letter);
    if (running.size < queue.length - first) open();
  };
  /** What comes while a line rests; undefined when it rested long enough. */
  const oneMore = () =>
    new Promise<Letter | undefined>((resolve) => {
      if (closed) return resolve(undefined);
      const wake = (letter: Letter | undefined) => {
        clearTimeout(timer);
        resolve(letter);
      };
      const timer = setTimeout(() => {
        idle = idle.filter((one) => one !== wake);
        resolve(undefined);
      }, IDLE_MS);
      idle.push(wake);
    });

  return {
    send(report, told) {
      if (closed) return;
      if (counts.waiting >= WAITING_MAX) {
        counts.lost += 1;
        return told();
      }
      counts.waiting += 1;
      enqueue({ report, told, attempt: 1 });
    },
    counts: () => ({ ...counts }),
    async close() {
      closed = true;
      for (const wake of idle) wake(undefined);
      let timer: NodeJS.Timeout | undefined;
      const bounded = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_MAX_MS);
      });
      await Promise.race([Promise.all(running), bounded]);
      clearTimeout(timer);
      for (const line of lines) line.close();
    },
  };
}
