// This file writes the feature matrix of the providers out of their capabilities, as Markdown for the docs and as plain rows for the command
// line. Nothing in it is known twice: what an adapter declares is what the docs say.
import type { Capabilities, ProviderAdapter } from '../delivery/provider.ts';

const yes = (value: boolean) => (value ? 'yes' : 'no');

const RETURN_PATH = { address: 'whole address kept', domain: 'domain can be chosen', none: 'its own' } as const;

/** Label and words of every capability, in reading order. */
const FEATURES: readonly (readonly [label: string, words: (capabilities: Capabilities) => string])[] = [
  ['Needs an authenticated domain', (can) => yes(can.needsAuthenticatedDomain)],
  ['Takes a single verified address', (can) => yes(can.acceptsVerifiedAddress)],
  ['Raw MIME', (can) => yes(can.rawMime)],
  ['Forwards our bytes unchanged (our DKIM survives)', (can) => yes(can.preservesMime)],
  ['Recipients per hand-over', (can) => can.batchMax.toLocaleString('en')],
  ['Largest message', (can) => (can.sizeMaxBytes === null ? 'decided there' : `${can.sizeMaxBytes / 1_000_000} MB`)],
  ['Return path', (can) => RETURN_PATH[can.returnPath]],
  ['IP pools', (can) => yes(can.ipPools)],
  ['Subaccounts', (can) => yes(can.subaccounts)],
  ['Idempotency key', (can) => yes(can.idempotency)],
  ['Delivery events', (can) => yes(can.deliveryEvents)],
  ['Its suppression list', (can) => listWords(can)],
  ['Sending domains by its API', (can) => yes(can.domains)],
  ['Webhook signature', (can) => (can.webhookSignature === 'hmac' ? 'HMAC' : 'none')],
];

function listWords({ suppressions }: Capabilities): string {
  if (suppressions === null) return 'none';
  const reach = suppressions.since ? 'read by what changed' : suppressions.listMax === null ? 'read whole' : 'read in part';
  return `${reach}, added to and taken off; ${suppressions.perStream ? 'per stream' : 'all mail alike'}`;
}

/** Label and words of what one provider can do. */
export function capabilityRows(capabilities: Capabilities): [label: string, words: string][] {
  return FEATURES.map(([label, words]) => [label, words(capabilities)]);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** docs/providers/MATRIX.md as a whole. */
export function providerMatrix(adapters: readonly ProviderAdapter[]): string {
  const rows = FEATURES.map(([label, words]) => [label, ...adapters.map((adapter) => words(adapter.capabilities))]);
  const cannot = adapters.map((adapter) => `## What ${adapter.title} cannot do\n\n${cannotList(adapter)}`);
  return (
    [
      '# What each provider can do',
      'Written from the adapters by `packetboat provider capabilities --markdown`; a test fails when this page is stale.',
      table(['', ...adapters.map((adapter) => adapter.title)], rows),
      ...cannot,
      '',
    ]
      .join('\n\n')
      .trimEnd() + '\n'
  );
}

function cannotList(adapter: ProviderAdapter): string {
  return adapter.capabilities.cannot.map(({ what, reason }) => `- **${what}**: ${reason}`).join('\n');
}

/** Marks between which a provider's own page holds its part of the matrix. */
export const PAGE_MARKS = { begin: '<!-- capabilities: written from the adapter -->', end: '<!-- end of capabilities -->' } as const;

/** The generated part of docs/providers/<kind>.md, marks included. */
export function providerPagePart(adapter: ProviderAdapter): string {
  const rows = capabilityRows(adapter.capabilities);
  return [PAGE_MARKS.begin, table(['', adapter.title], rows), `What it cannot do, and why:\n\n${cannotList(adapter)}`, PAGE_MARKS.end].join(
    '\n\n',
  );
}
