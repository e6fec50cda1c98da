// This file lists the commands of `packetboat` in the order in which help prints them.
import { accountsCommand } from './accounts.ts';
import { bouncesCommand, complaintsCommand } from './bounces.ts';
import type { Command } from './command.ts';
import { configCommand } from './config.ts';
import { credentialsCommand } from './credentials.ts';
import { doctorCommand } from './doctor.ts';
import { domainsCommand } from './domains.ts';
import { eventsCommand } from './events.ts';
import { explainCommand } from './explain.ts';
import { feedbackCommand } from './feedback.ts';
import { holdsCommand } from './holds.ts';
import { inboundCommand } from './inbound.ts';
import { incidentsCommand } from './incidents.ts';
import { ledgerCommand } from './ledger.ts';
import { loginCommand } from './login.ts';
import { mailboxesCommand } from './mailboxes.ts';
import { messagesCommand } from './messages.ts';
import { migrateCommand } from './migrate.ts';
import { noticesCommand } from './notices.ts';
import { providerCommand } from './provider.ts';
import { replayCommand } from './replay.ts';
import { repliesCommand } from './replies.ts';
import { reportCommand } from './report.ts';
import { routeCommand } from './route.ts';
import { routingCommand } from './routing.ts';
import { rulesCommand } from './rules.ts';
import { sendCommand } from './send.ts';
import { serveCommand } from './serve.ts';
import { simulateCommand } from './simulate.ts';
import { statsCommand } from './statistics.ts';
import { statusCommand } from './status.ts';
import { suppressionsCommand } from './suppressions.ts';
import { tenantsCommand } from './tenants.ts';
import { webhooksCommand } from './webhooks.ts';

export const COMMANDS: readonly Command[] = [
  serveCommand,
  doctorCommand,
  statusCommand,
  sendCommand,
  messagesCommand,
  eventsCommand,
  inboundCommand,
  mailboxesCommand,
  ledgerCommand,
  statsCommand,
  bouncesCommand,
  complaintsCommand,
  suppressionsCommand,
  holdsCommand,
  incidentsCommand,
  tenantsCommand,
  credentialsCommand,
  domainsCommand,
  webhooksCommand,
  noticesCommand,
  repliesCommand,
  accountsCommand,
  routingCommand,
  routeCommand,
  loginCommand,
  simulateCommand,
  replayCommand,
  feedbackCommand,
  reportCommand,
  explainCommand,
  rulesCommand,
  providerCommand,
  configCommand,
  migrateCommand,
];
