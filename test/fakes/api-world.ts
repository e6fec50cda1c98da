// This file makes the contract suite's world for an API provider out of the scripted HTTP server: one fake account that accepts, refuses,
// breaks and falls silent on request.
import type { ProviderAccount, ProviderAdapter, WebhookRequest } from '../../src/delivery/provider.ts';
import { Secret } from '../../src/log.ts';
import type { Misfortune, ProviderWorld } from '../../src/providers/contract.ts';
import { httpProvider, type Reply, type SeenRequest } from './http-provider.ts';

export interface AcceptedRow {
  readonly address: string;
  readonly mime: Buffer | null;
}

export interface ApiDialect {
  readonly adapter: ProviderAdapter;
  readonly settings?: Record<string, unknown>;
  readonly secret?: Record<string, string>;
  readonly fates: ProviderWorld['fates'];
  /** What a healthy account makes of a request: its answer, and whom it took responsibility for. */
  respond(request: SeenRequest): { readonly reply: Reply; readonly accepted: readonly AcceptedRow[] };
  /** How the provider says each trouble of the account. */
  readonly troubles: Readonly<Record<'quota' | 'suspended' | 'misconfigured' | 'throttled', Reply>>;
  webhooks(): readonly WebhookRequest[];
}

/** A member's mailbox; another one for every `n`. */
export function member(n: number): string {
  return `member${n}@mailbox.example`;
}

/** An account that reaches `baseUrl`, its settings and secret through the adapter's own parser. */
export function accountAt(
  adapter: ProviderAdapter,
  baseUrl: string,
  change: { settings?: Record<string, unknown>; secret?: Record<string, string> } = {},
): ProviderAccount {
  const input = { settings: { base_url: baseUrl, ...change.settings }, secret: { api_key: 'k-0123456789', ...change.secret } };
  const { settings, secret } = adapter.parseAccount(input);
  return { id: 'account-1', name: 'Account', provider: adapter.kind, settings, secret: new Secret(secret) };
}

/** Starts a world of this dialect. */
export async function apiWorld(dialect: ApiDialect): Promise<ProviderWorld> {
  const accepted: AcceptedRow[] = [];
  let stopped = false;
  let release: () => void = () => undefined;
  let held: Promise<unknown> = Promise.resolve();
  const healthy = (request: SeenRequest): Reply => {
    const { reply, accepted: rows } = dialect.respond(request);
    accepted.push(...rows);
    return reply;
  };
  const fake = await httpProvider(healthy);
  const script = async (misfortune: Misfortune | null) => {
    release();
    if (stopped) await fake.start();
    stopped = false;
    fake.answer = healthy;
    if (misfortune === 'unreachable') {
      await fake.stop();
      stopped = true;
    } else if (misfortune === 'closes-after-last-byte') fake.answer = () => 'cut';
    else if (misfortune === 'nonsense') fake.answer = () => ({ raw: '\u0000\u0001 all is well \r\n\r\n' });
    else if (misfortune === 'holds-answer') {
      const gate = Promise.withResolvers<void>();
      release = gate.resolve;
      held = fake.nextRequest();
      fake.answer = (request) => ({ after: gate.promise, reply: healthy(request) });
    } else if (misfortune === 'closes-before-acceptance')
      throw new Error('a small request leaves in one piece; name this case as one that cannot be met');
    else if (misfortune !== null) fake.answer = () => dialect.troubles[misfortune];
  };
  return {
    adapter: dialect.adapter,
    account: accountAt(dialect.adapter, fake.url, { settings: dialect.settings ?? {}, secret: dialect.secret ?? {} }),
    fates: dialect.fates,
    accepted: () => Promise.resolve(accepted),
    script,
    held: async () => {
      await held;
    },
    webhooks: dialect.webhooks,
    close: () => (stopped ? Promise.resolve() : fake.close()),
  };
}
