// This file puts the inside of the simulator together: accounts, world, tellers and memory, everything but the doors.
import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { ProviderKind } from '../delivery/provider.ts';
import { idMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { type AccountOptions, type Accounts, makeAccounts } from './accounts.ts';
import { type Agenda, makeAgenda } from './agenda.ts';
import { makeElasticEmail } from './elastic-email/dialect.ts';
import { makeHistory } from './history.ts';
import { PROVIDERS } from './http/control.ts';
import type { DialectContext, HttpDialect } from './http/exchange.ts';
import type { HttpProvider } from './http/server.ts';
import { makeWebhookSender, type WebhookSender } from './http/webhook-sender.ts';
import { type Journal, noJournal, openJournal, readJournal } from './journal.ts';
import { suppress } from './lists.ts';
import { makeMailboxes } from './mailboxes.ts';
import { mandrill } from './mandrill/dialect.ts';
import { makeOutages, type Outages } from './outages.ts';
import { restoreAccount } from './restore.ts';
import { type Courier, makeCourier } from './smarthost/courier.ts';
import { reportFor } from './smarthost/reports.ts';
import { sparkpost } from './sparkpost/dialect.ts';
import { webhookTeller } from './webhooks.ts';
import { makeWorld, type Teller, type World } from './world.ts';

export interface EngineOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  readonly inbound: { readonly host: string; readonly port: number };
  readonly statePath: string | null;
  readonly pace: number;
  /** At most so many requests to one webhook at the same time; null: as its provider does. */
  readonly webhookLines: number | null;
  readonly accounts: readonly AccountOptions[];
  /** Keys of the accounts that always exist. */
  readonly defaultKeys: Readonly<Record<ProviderKind, string>>;
  readonly outageChanged: (provider: ProviderKind) => void;
}

export interface Engine {
  readonly accounts: Accounts;
  readonly world: World;
  readonly outages: Outages;
  readonly sender: WebhookSender;
  readonly courier: Courier;
  readonly dialects: Readonly<Record<HttpProvider, HttpDialect>>;
  readonly contexts: Readonly<Record<HttpProvider, DialectContext>>;
  readonly journal: Journal;
  /** No step happens and no answer leaves after this. */
  quiet(): Promise<void>;
}

/** Builds the inside; what the state file remembers is under way again a moment later. */
export function makeEngine(options: EngineOptions): Engine {
  const { log, clock, pace, random } = options;
  const state = options.statePath === null ? { accounts: [], journeys: [] } : readJournal(options.statePath, log);
  let journal: Journal = noJournal;
  const accounts = makeAccounts({ changed: (account) => journal.account(account), makeKey: () => randomBytes(16).toString('base64url') });
  for (const line of state.accounts) restoreAccount(accounts, line);
  for (const provider of PROVIDERS) accounts.configure({ provider, key: options.defaultKeys[provider] });
  for (const account of options.accounts) accounts.configure(account);

  const agenda = makeAgenda(clock);
  const mint = idMint(clock);
  const sender = makeWebhookSender({ agenda, now: clock.nowMs, pace, lines: options.webhookLines, mintId: () => mint.next(), log });
  const courier = makeCourier({ inbound: options.inbound, agenda, now: clock.nowMs, pace, log });
  const outages = makeOutages({ clock, agenda, changed: options.outageChanged });
  const dialects = { sparkpost, 'elastic-email': makeElasticEmail(), mandrill };
  const tellers = makeTellers({ dialects, sender, courier, accounts });
  const world = makeWorld({
    clock,
    mint,
    pace,
    random,
    agenda,
    history: makeHistory(),
    mailboxes: makeMailboxes(),
    journal: () => journal,
    tellers,
    outage: (provider) => outages.active(provider),
    restored: state.journeys,
    happened(journey, step) {
      if (journey.provider === 'smtp') return;
      const account = accounts.find(journey.provider, journey.accountKey);
      const made = account?.learns === true ? dialects[journey.provider].listing(journey, step, pace) : null;
      if (account === null || made === null) return;
      suppress(account, journey.recipient, made.entry, made.subaccount);
      journal.listed(account, journey.recipient, made.subaccount);
    },
  });
  if (options.statePath !== null) {
    journal = openJournal(options.statePath, () => ({ accounts: accounts.all(), journeys: world.openJourneys() }), log);
  }
  const context = (provider: HttpProvider): DialectContext => ({
    world,
    account: (key) => accounts.find(provider, key),
    accountChanged: (account) => journal.account(account),
    listChanged: (account, address, subaccount) => journal.listed(account, address, subaccount),
    outage: () => outages.active(provider),
    testWebhook: sender.test,
  });
  return {
    accounts,
    world,
    outages,
    sender,
    courier,
    dialects,
    contexts: { sparkpost: context('sparkpost'), 'elastic-email': context('elastic-email'), mandrill: context('mandrill') },
    journal,
    quiet: () => quiet(agenda, [sender, courier]),
  };
}

async function quiet(agenda: Agenda, tellers: readonly { close(): Promise<void> }[]): Promise<void> {
  agenda.stop();
  await Promise.all(tellers.map((teller) => teller.close()));
}

function makeTellers(of: {
  dialects: Readonly<Record<HttpProvider, HttpDialect>>;
  sender: WebhookSender;
  courier: Courier;
  accounts: Accounts;
}): Record<ProviderKind, Teller> {
  const byWebhook = (provider: HttpProvider) =>
    webhookTeller(of.dialects[provider].webhooks, of.sender, (key) => of.accounts.find(provider, key));
  return {
    sparkpost: byWebhook('sparkpost'),
    'elastic-email': byWebhook('elastic-email'),
    mandrill: byWebhook('mandrill'),
    smtp: (journey, step, told) => {
      const report = reportFor(journey, step);
      if (report === null) told();
      else of.courier.send(report, told);
    },
  };
}
