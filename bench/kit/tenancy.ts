// This file sets a desk up through its API: a tenant that may send, the ways in and the way out. All of it is what an operator would do.
import type { DeskApi } from './api.ts';

export interface BenchTenant {
  readonly id: string;
  /** An address that the tenant may put into From. */
  readonly from: string;
}

interface Made {
  readonly id: string;
}

/** The highest rate a credential can have: benchmarks measure the desk, not its rate limits. */
const RATE_PER_MINUTE = 10_000_000;

/** A tenant with a verified sender (nothing is signed), or with an authenticated domain (everything is signed with RSA-2048). */
export async function makeTenant(
  api: DeskApi,
  name: string,
  options: { signed: boolean; policy?: 'hold' | 'resend' },
): Promise<BenchTenant> {
  const { id } = await api.post<Made>('/v1/tenants', { name, ...(options.policy ? { uncertain_policy: options.policy } : {}) });
  const domain = `${name}.example`;
  const from = `office@${domain}`;
  if (options.signed) await api.post(`/v1/tenants/${id}/domains`, { name: domain, authenticated: true });
  else await api.post(`/v1/tenants/${id}/senders`, { address: from });
  return { id, from };
}

/** Lets this machine hand in for the tenant without a log-in, for load tools that cannot. */
export async function trustLoopback(api: DeskApi, tenantId: string): Promise<string> {
  const { id } = await api.post<Made>(`/v1/tenants/${tenantId}/credentials`, {
    kind: 'network',
    cidr: ['127.0.0.1/32'],
    rate_per_minute: RATE_PER_MINUTE,
  });
  return id;
}

export async function makeSmtpLogin(api: DeskApi, tenantId: string): Promise<{ username: string; password: string }> {
  const made = await api.post<{ smtp_username: string; smtp_password: string }>(`/v1/tenants/${tenantId}/credentials`, {
    kind: 'smtp',
    rate_per_minute: RATE_PER_MINUTE,
  });
  return { username: made.smtp_username, password: made.smtp_password };
}

export async function makeApiKey(api: DeskApi, tenantId: string): Promise<string> {
  const { api_key: key } = await api.post<{ api_key: string }>(`/v1/tenants/${tenantId}/credentials`, {
    kind: 'api_key',
    rate_per_minute: RATE_PER_MINUTE,
  });
  return key;
}

/** A smarthost account, in use for everybody or for one tenant. */
export async function addSmarthost(
  api: DeskApi,
  smarthost: { name: string; port: number; tenantId?: string; connections?: number },
): Promise<string> {
  const { id } = await api.post<Made>('/v1/provider-accounts', {
    name: smarthost.name,
    provider: 'smtp',
    settings: {
      host: '127.0.0.1',
      port: smarthost.port,
      tls: 'none',
      ...(smarthost.connections === undefined ? {} : { connections: smarthost.connections }),
    },
    secret: {},
  });
  await api.put('/v1/routing', { ...(smarthost.tenantId === undefined ? {} : { tenant_id: smarthost.tenantId }), accounts: [id] });
  return id;
}
