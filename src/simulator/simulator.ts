// This file starts the simulator: a small internet on loopback in which SparkPost, Elastic Email, Mandrill and an SMTP smarthost take mail
// for the mailboxes under mailbox.test and answer with real webhooks and real delivery status mails. docs/SIMULATOR.md describes it.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { ProviderKind } from '../delivery/provider.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Account, AccountOptions } from './accounts.ts';
import { type Doors, openDoors } from './doors.ts';
import { type Engine, makeEngine } from './engine.ts';
import { makeHandle, type SimulatedAccount } from './handle.ts';
import { control } from './http/control.ts';
import type { JsonRecord } from './json.ts';
import type { StoredMail } from './mailboxes.ts';
import type { Outage, OutageOptions } from './outages.ts';
import { type Ports, readSimulatorFile, writeSimulatorFile } from './ports.ts';
import { simulatorStatus } from './status.ts';
import { addWebhook, type NewWebhook } from './webhooks.ts';

export interface SimulatorOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  /** Loopback only; 127.0.0.1. */
  readonly host?: string;
  /** A door without a port gets the one it had last time (in `dataDir`), else any. */
  readonly ports?: Partial<Ports>;
  /** The desk's inbound SMTP door, where reports go; read again at every connection. */
  readonly inbound: { readonly host: string; readonly port: number };
  /** Gets `simulator.json` for the CLI, and the state file. Without it nothing outlives the process. */
  readonly dataDir?: string;
  /** Where accounts, webhooks and unfinished answers are kept; `simulator-state.jsonl` in `dataDir`. */
  readonly statePath?: string;
  /** Factor on every wait: 1 plays out in seconds, 0.05 is for tests. */
  readonly pace?: number;
  /** Requests to one webhook at the same time; as many as its provider makes. With 1 nothing overtakes. */
  readonly webhookLines?: number;
  /** Accounts to make or change beside the four that always exist. */
  readonly accounts?: readonly AccountOptions[];
}

export interface Simulator {
  /** Every provider's API below one origin, and the control endpoints; the accounts' `base_url`s have ports of their own. */
  readonly httpUrl: string;
  readonly smtpPort: number;
  /** One ready account per provider. */
  readonly accounts: Readonly<Record<ProviderKind, SimulatedAccount>>;
  /** Makes an account, or changes one. */
  configure(options: AccountOptions): SimulatedAccount;
  /** Sends an account's events to an address of this machine from now on; gives the webhook's id. Throws AppError REQUEST_INVALID. */
  registerWebhook(account: Pick<SimulatedAccount, 'provider' | 'key'>, webhook: NewWebhook): string;
  /** Begins an outage; resolves once it is in force. */
  outage(provider: ProviderKind, options: OutageOptions): Promise<Outage>;
  /** Ends an outage before its time; false when none was running. */
  endOutage(provider: ProviderKind): Promise<boolean>;
  outages(): Outage[];
  /** Mail that arrived for an address, oldest first. */
  mailbox(address: string): Promise<StoredMail[]>;
  status(): JsonRecord;
  /** Resolves when nothing is on its way any more and every answer was told or given up. */
  idle(): Promise<void>;
  /** Tells nothing more: what was still to come waits for the next start. Mail is taken until `close`. */
  hush(): Promise<void>;
  close(): Promise<void>;
}

/** Keys of the four accounts that always exist. */
export const DEFAULT_KEYS: Readonly<Record<ProviderKind, string>> = {
  sparkpost: 'sim-sparkpost',
  'elastic-email': 'sim-elastic-email',
  mandrill: 'sim-mandrill',
  smtp: 'sim-smtp',
};

/** Starts everything. Throws AppError PORT_IN_USE, or CONFIG_INVALID for a host that is not loopback. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { log, host = '127.0.0.1', dataDir, pace = 1 } = options;
  if (!/^(127(\.\d+){3}|::1|localhost)$/.test(host))
    throw new AppError('CONFIG_INVALID', `The simulator listens on loopback only, not on ${host}.`);
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const statePath = options.statePath ?? (dataDir === undefined ? null : join(dataDir, 'simulator-state.jsonl'));
  const token = randomBytes(32).toString('base64url');
  const engine = makeEngine({
    ...options,
    statePath,
    pace,
    webhookLines: options.webhookLines ?? null,
    accounts: options.accounts ?? [],
    defaultKeys: DEFAULT_KEYS,
    outageChanged: (provider) => void doors.outageChanged(provider),
  });
  const doors = await openDoors({
    host,
    wanted: options.ports ?? {},
    remembered: dataDir === undefined ? {} : (readSimulatorFile(dataDir)?.ports ?? {}),
    log,
    ...behindDoors(engine, {
      token,
      status: () => simulator.status(),
      learn(provider, learns) {
        for (const account of engine.accounts.all()) {
          if (account.provider !== provider) continue;
          account.learns = learns;
          engine.journal.account(account);
        }
      },
    }),
  }).catch(async (error: unknown) => {
    await engine.quiet();
    engine.journal.close();
    throw error;
  });
  const simulator = makeSimulator(engine, doors, { ...options, host, pace });
  if (dataDir !== undefined) {
    writeSimulatorFile(dataDir, { httpUrl: simulator.httpUrl, smtpPort: simulator.smtpPort, controlToken: token, ports: doors.ports });
  }
  return simulator;
}

/** Who answers behind each door. */
function behindDoors(
  engine: Engine,
  own: { token: string; status: () => JsonRecord; learn: (provider: ProviderKind, learns: boolean) => void },
): Pick<Parameters<typeof openDoors>[0], 'http' | 'smtp'> {
  const { accounts, outages, dialects, contexts, world } = engine;
  return {
    http: {
      outage: outages.active,
      handle: (provider, request) => dialects[provider].handle(request, contexts[provider]),
      sends: (provider, request) => dialects[provider].sends(request),
      control: (request, remoteAddress) => control(request, remoteAddress, { ...own, outages, mailbox: world.mailboxes.read }),
    },
    smtp: { world, outage: () => outages.active('smtp'), account: (username) => accounts.find('smtp', username ?? DEFAULT_KEYS.smtp) },
  };
}

function makeSimulator(
  engine: Engine,
  doors: Doors,
  options: SimulatorOptions & { readonly host: string; readonly pace: number },
): Simulator {
  const { accounts, outages, world, journal } = engine;
  const now = () => options.clock.nowMs();
  const origin = (port: number) => `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  const place = { host: options.host, ports: doors.ports, origin, defaultSmtpKey: DEFAULT_KEYS.smtp, now };
  const handle = (account: Account) => makeHandle(account, { ...place, changed: () => journal.account(account) });
  const own = (provider: ProviderKind) => handle(accounts.configure({ provider, key: DEFAULT_KEYS[provider] }));
  const httpUrl = origin(doors.ports.http);
  return {
    httpUrl,
    smtpPort: doors.ports.smtp,
    accounts: { sparkpost: own('sparkpost'), 'elastic-email': own('elastic-email'), mandrill: own('mandrill'), smtp: own('smtp') },
    configure: (wanted) => handle(accounts.configure(wanted)),
    registerWebhook({ provider, key }, wanted) {
      const account = accounts.configure({ provider, key });
      const webhook = addWebhook(account, wanted, { id: world.mint.next(), nowMs: now() });
      journal.account(account);
      return webhook.id;
    },
    async outage(provider, wanted) {
      const outage = outages.begin(provider, wanted);
      await doors.settled(provider);
      return outage;
    },
    async endOutage(provider) {
      const ended = outages.end(provider);
      await doors.settled(provider);
      return ended;
    },
    outages: outages.all,
    mailbox: async (address) => world.mailboxes.read(address),
    status: () => simulatorStatus({ ...engine, httpUrl, doors, pace: options.pace, inbound: options.inbound }),
    idle: world.idle,
    hush: engine.quiet,
    async close() {
      await engine.quiet();
      await doors.close();
      journal.close();
    },
  };
}
