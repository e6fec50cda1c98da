// This file is what the desk tells Prometheus about itself.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { DeliverDeps } from '../../flows/deliver.ts';
import { shareMetrics } from './shared-metrics.ts';

export interface Metrics {
  /** The text of GET /metrics. */
  text(): Promise<string>;
  readonly measure: NonNullable<DeliverDeps['measure']>;
  accepted(door: 'http' | 'smtp', recipients: number): void;
  refused(door: 'http' | 'smtp', code: string): void;
  /** A recipient went another way after a reported refusal. */
  rerouted(cls: string): void;
  incident(happened: 'opened' | 'closed', kind: string): void;
}

export interface MetricsSources {
  readonly stats: () => {
    busy: number;
    waiting: number;
    lanes: number;
    hungry: number;
    bodiesBytes: number;
    intakeWaiting: number;
    outcomesWaiting: number;
  };
  readonly connections: () => number;
  /** Last measured ledger difference; null before the first measurement. */
  readonly ledgerDifference: () => number | null;
  /** Open incidents of each kind. */
  readonly incidents: () => Promise<readonly { readonly kind: string; readonly open: number }[]>;
  /** Bounce mailboxes by status. */
  readonly mailboxes: () => Promise<readonly { readonly status: string; readonly n: number }[]>;
  /** Sending domains by state. */
  readonly domains: () => Promise<readonly { readonly state: string; readonly n: number }[]>;
  /** Raw answers (webhooks, status mails) that wait to be read, and those that could not be. */
  readonly answers: () => Promise<readonly { queue: string; waiting: number; parked: number }[]>;
  /** Within a second, also when it does not. */
  readonly databaseAnswers: () => Promise<boolean>;
}

/** Makes a registry of its own, so that several desks in one process (tests) do not mix. */
export function makeMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'packetboat_' });
  const accepted = new Counter({
    name: 'packetboat_accepted_recipients_total',
    help: 'Recipients of messages that were accepted and committed, by door.',
    labelNames: ['door'],
    registers: [registry],
  });
  const refused = new Counter({
    name: 'packetboat_refused_submissions_total',
    help: 'Submissions that were refused, by door and error code.',
    labelNames: ['door', 'code'],
    registers: [registry],
  });
  const rerouted = new Counter({
    name: 'packetboat_rerouted_recipients_total',
    help: 'Recipients that took another route after a provider or status mail reported a refusal that lies with us, by class.',
    labelNames: ['class'],
    registers: [registry],
  });
  const outcomes = new Counter({
    name: 'packetboat_hand_over_outcomes_total',
    help: 'Outcomes of hand-overs per recipient, by provider and kind.',
    labelNames: ['provider', 'outcome'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'packetboat_hand_over_seconds',
    help: 'Time on the wire of one hand-over.',
    labelNames: ['provider'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  });
  gauge('packetboat_processes', 'Processes of this machine that these numbers are of.', () => 1);
  gauge('packetboat_wire_busy', 'Hand-overs on the wire.', () => sources.stats().busy);
  gauge('packetboat_wire_waiting', 'Jobs in memory that wait for a place on the wire.', () => sources.stats().waiting);
  gauge('packetboat_wire_body_bytes', 'Bytes of messages in memory for the wire.', () => sources.stats().bodiesBytes);
  gauge('packetboat_lanes_hungry', 'Lanes that wait to be claimed from.', () => sources.stats().hungry);
  gauge('packetboat_intake_waiting', 'Messages that wait for the next intake statement.', () => sources.stats().intakeWaiting);
  gauge('packetboat_outcomes_waiting', 'Outcomes that wait for the next statement.', () => sources.stats().outcomesWaiting);
  gauge('packetboat_smtp_connections', 'Open connections at the SMTP doors.', sources.connections);
  gauge(
    'packetboat_ledger_difference',
    'Injected minus all states at the last look; anything but 0 is a defect.',
    () => sources.ledgerDifference() ?? 0,
    // Every process looks at the same ledger; whatever one of them sees must not be lost.
    'average',
  );
  new Gauge({
    name: 'packetboat_answers',
    help: 'Raw webhooks and mails that wait to be read, and those parked because nobody could read them ("packetboat replay").',
    labelNames: ['queue', 'state'],
    registers: [registry],
    aggregator: 'max',
    async collect() {
      this.reset();
      // Counters of this process are worth most while the database is away; what only it knows is left out then.
      if (!(await sources.databaseAnswers())) return;
      for (const { queue, waiting, parked } of await sources.answers()) {
        this.set({ queue, state: 'waiting' }, waiting);
        this.set({ queue, state: 'parked' }, parked);
      }
    },
  });

  new Gauge({
    name: 'packetboat_database_up',
    help: '1 while the database answers and takes writes, else 0.',
    registers: [registry],
    aggregator: 'min',
    async collect() {
      this.set((await sources.databaseAnswers()) ? 1 : 0);
    },
  });

  const incidents = new Counter({
    name: 'packetboat_incidents_total',
    help: 'Incidents that opened or closed, by kind.',
    labelNames: ['kind', 'happened'],
    registers: [registry],
  });
  new Gauge({
    name: 'packetboat_incidents_open',
    help: 'Incidents that are open: an IP on a list, an account in trouble, a domain whose records fail, a receiver that slows us down, a refused mailing.',
    labelNames: ['kind'],
    registers: [registry],
    aggregator: 'max',
    async collect() {
      this.reset();
      if (!(await sources.databaseAnswers())) return;
      for (const { kind, open } of await sources.incidents()) this.set({ kind }, open);
    },
  });

  new Gauge({
    name: 'packetboat_mailboxes',
    help: 'Bounce mailboxes by status; "failing" ones could not be read at the last try ("packetboat mailboxes").',
    labelNames: ['status'],
    registers: [registry],
    aggregator: 'max',
    async collect() {
      this.reset();
      if (!(await sources.databaseAnswers())) return;
      for (const { status, n } of await sources.mailboxes()) this.set({ status }, n);
    },
  });

  new Gauge({
    name: 'packetboat_sending_domains',
    help: 'Sending domains by state; "warning" and "broken" ones have wrong records ("packetboat domains list --state warning").',
    labelNames: ['state'],
    registers: [registry],
    aggregator: 'max',
    async collect() {
      this.reset();
      if (!(await sources.databaseAnswers())) return;
      for (const { state, n } of await sources.domains()) this.set({ state }, n);
    },
  });

  /** `over` says how the processes of one machine are put together. */
  function gauge(name: string, help: string, read: () => number, over: 'sum' | 'average' = 'sum'): void {
    new Gauge({
      name,
      help,
      registers: [registry],
      aggregator: over,
      collect() {
        this.set(read());
      },
    });
  }

  return {
    text: shareMetrics(registry),
    measure({ outcome, provider, seconds: took }) {
      outcomes.inc({ provider, outcome });
      seconds.observe({ provider }, took);
    },
    accepted: (door, recipients) => accepted.inc({ door }, recipients),
    refused: (door, code) => refused.inc({ door, code }),
    incident: (happened, kind) => incidents.inc({ kind, happened }),
    rerouted: (cls) => rerouted.inc({ class: cls }),
  };
}
