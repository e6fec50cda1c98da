// This file carries reports back to the desk's inbound SMTP door, from the empty return path, over a few kept connections; what cannot be
// handed over now is tried again.
import type { Log } from '../../log.ts';
import type { Agenda } from '../agenda.ts';
import { within } from '../within.ts';
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
/** Letters already taken that may stay in front of the queue before it is cut. */
const SPENT_MAX = 10_000;

export interface CourierDeps {
  /** Read again at every new connection. */
  readonly inbound: { readonly host: string; readonly port: number };
  readonly agenda: Agenda;
  readonly now: () => number;
  /** Factor on every wait between tries. */
  readonly pace: number;
  readonly log: Log;
}

/** Makes the courier. */
export function makeCourier(deps: CourierDeps): Courier {
  return new Carrier(deps);
}

class Carrier implements Courier {
  readonly #deps: CourierDeps;
  #queue: Letter[] = [];
  /** Index of the first letter that nobody took yet. */
  #first = 0;
  /** Lines that rest until the next report. */
  #resting: ((letter: Letter | undefined) => void)[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #lines = new Set<Line>();
  readonly #counts = { told: 0, lost: 0, waiting: 0 };
  #closed = false;

  constructor(deps: CourierDeps) {
    this.#deps = deps;
  }

  counts() {
    return { ...this.#counts };
  }

  send(report: Report, told: () => void): void {
    if (this.#closed) return;
    if (this.#counts.waiting >= WAITING_MAX) {
      this.#counts.lost += 1;
      told();
      return;
    }
    this.#counts.waiting += 1;
    this.#enqueue({ report, told, attempt: 1 });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const wake of this.#resting) wake(undefined);
    await within(CLOSE_MAX_MS, Promise.all(this.#running));
    for (const line of this.#lines) line.close();
  }

  #enqueue(letter: Letter): void {
    const wake = this.#resting.shift();
    if (wake !== undefined) {
      wake(letter);
      return;
    }
    this.#queue.push(letter);
    if (this.#running.size < this.#queue.length - this.#first) this.#open();
  }

  #open(): void {
    if (this.#closed || this.#running.size >= LINES_MAX) return;
    const done = this.#carry().then(() => {
      this.#running.delete(done);
      if (this.#queue.length > this.#first) this.#open();
    });
    this.#running.add(done);
  }

  async #carry(): Promise<void> {
    const line = new Line(this.#deps.inbound);
    this.#lines.add(line);
    for (let letter = this.#next(); letter !== undefined && !this.#closed; letter = this.#next() ?? (await this.#oneMore())) {
      const outcome = await line.deliver(letter.report);
      if (outcome.kind === 'taken') this.#settle(letter, 'told');
      else if (outcome.kind === 'refused') {
        this.#deps.log.info({ event: 'simulator_report_refused', reply: outcome.reply });
        this.#settle(letter, 'lost');
      } else this.#again(letter, outcome.reply);
      // A broken line serves nobody; the next letter opens a new one.
      if (outcome.kind === 'broken') break;
    }
    this.#lines.delete(line);
    line.close();
  }

  #next(): Letter | undefined {
    const letter = this.#queue[this.#first];
    if (letter !== undefined) this.#first += 1;
    if (this.#first === this.#queue.length || this.#first > SPENT_MAX) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    return letter;
  }

  /** What comes while a line rests; undefined when it rested long enough. */
  #oneMore(): Promise<Letter | undefined> {
    return new Promise((resolve) => {
      const wake = (letter: Letter | undefined) => {
        clearTimeout(timer);
        resolve(letter);
      };
      const timer = setTimeout(() => {
        this.#resting = this.#resting.filter((one) => one !== wake);
        resolve(undefined);
      }, IDLE_MS);
      this.#resting.push(wake);
      if (this.#closed) wake(undefined);
    });
  }

  #again(letter: Letter, reason: string): void {
    if (this.#closed) return;
    if (letter.attempt >= ATTEMPTS) {
      this.#deps.log.warn({ event: 'simulator_report_given_up', reason });
      this.#settle(letter, 'lost');
      return;
    }
    const waitMs = Math.min(RETRY_MS * 2 ** (letter.attempt - 1), RETRY_CAP_MS) * this.#deps.pace;
    letter.attempt += 1;
    this.#deps.agenda.at(this.#deps.now() + waitMs, () => this.#enqueue(letter));
  }

  #settle(letter: Letter, outcome: 'told' | 'lost'): void {
    this.#counts[outcome] += 1;
    this.#counts.waiting -= 1;
    letter.told();
  }
}
