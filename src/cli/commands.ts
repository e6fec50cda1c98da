// This file lists the commands of `packetboat` in the order in which help prints them. Each is imported when it is used: all of them together take some 100 MB,
// which `packetboat report parse` has no need of.
import type { Command } from './command.ts';

export interface ListedCommand {
  readonly name: string;
  readonly load: () => Promise<Command>;
}

export const COMMANDS: readonly ListedCommand[] = [
  { name: 'serve', load: async () => (await import('./serve.ts')).serveCommand },
  { name: 'doctor', load: async () => (await import('./doctor.ts')).doctorCommand },
  { name: 'status', load: async () => (await import('./status.ts')).statusCommand },
  { name: 'send', load: async () => (await import('./send.ts')).sendCommand },
  { name: 'messages', load: async () => (await import('./messages.ts')).messagesCommand },
  { name: 'events', load: async () => (await import('./events.ts')).eventsCommand },
  { name: 'inbound', load: async () => (await import('./inbound.ts')).inboundCommand },
  { name: 'mailboxes', load: async () => (await import('./mailboxes.ts')).mailboxesCommand },
  { name: 'ledger', load: async () => (await import('./ledger.ts')).ledgerCommand },
  { name: 'stats', load: async () => (await import('./statistics.ts')).statsCommand },
  { name: 'bounces', load: async () => (await import('./bounces.ts')).bouncesCommand },
  { name: 'complaints', load: async () => (await import('./bounces.ts')).complaintsCommand },
  { name: 'suppressions', load: async () => (await import('./suppressions.ts')).suppressionsCommand },
  { name: 'holds', load: async () => (await import('./holds.ts')).holdsCommand },
  { name: 'incidents', load: async () => (await import('./incidents.ts')).incidentsCommand },
  { name: 'tenants', load: async () => (await import('./tenants.ts')).tenantsCommand },
  { name: 'people', load: async () => (await import('./people.ts')).peopleCommand },
  { name: 'credentials', load: async () => (await import('./credentials.ts')).credentialsCommand },
  { name: 'domains', load: async () => (await import('./domains.ts')).domainsCommand },
  { name: 'keys', load: async () => (await import('./keys.ts')).keysCommand },
  { name: 'senders', load: async () => (await import('./senders.ts')).sendersCommand },
  { name: 'webhooks', load: async () => (await import('./webhooks.ts')).webhooksCommand },
  { name: 'notices', load: async () => (await import('./notices.ts')).noticesCommand },
  { name: 'replies', load: async () => (await import('./replies.ts')).repliesCommand },
  { name: 'accounts', load: async () => (await import('./accounts.ts')).accountsCommand },
  { name: 'routing', load: async () => (await import('./routing.ts')).routingCommand },
  { name: 'limits', load: async () => (await import('./limits.ts')).limitsCommand },
  { name: 'route', load: async () => (await import('./route.ts')).routeCommand },
  { name: 'audit', load: async () => (await import('./audit.ts')).auditCommand },
  { name: 'login', load: async () => (await import('./login.ts')).loginCommand },
  { name: 'simulate', load: async () => (await import('./simulate.ts')).simulateCommand },
  { name: 'replay', load: async () => (await import('./replay.ts')).replayCommand },
  { name: 'feedback', load: async () => (await import('./feedback.ts')).feedbackCommand },
  { name: 'report', load: async () => (await import('./report.ts')).reportCommand },
  { name: 'domain', load: async () => (await import('./domain.ts')).domainCommand },
  { name: 'reports', load: async () => (await import('./reports.ts')).reportsCommand },
  { name: 'explain', load: async () => (await import('./explain.ts')).explainCommand },
  { name: 'rules', load: async () => (await import('./rules.ts')).rulesCommand },
  { name: 'provider', load: async () => (await import('./provider.ts')).providerCommand },
  { name: 'secret-key', load: async () => (await import('./secret-key.ts')).secretKeyCommand },
  { name: 'config', load: async () => (await import('./config.ts')).configCommand },
  { name: 'migrate', load: async () => (await import('./migrate.ts')).migrateCommand },
];
