// This file is the small world behind the mock API: one platform, three organisations, four accounts, and messages in every state. It is for
// development and for looking at pages; nothing of it is in the built console.
import type { OneAccount } from '../src/api/model.ts';
import type { Credential, Domain, MessageDetail, Sender, Tenant } from '../src/api/schema.gen.ts';
import { DAY, HOUR, id, iso, MINUTE, SECOND, TENANT } from './clockwork.ts';
import { makeDomains } from './domains-world.ts';
import { makeMessages } from './letters.ts';

export interface World {
  readonly tenants: Tenant[];
  readonly credentials: Credential[];
  readonly domains: Domain[];
  readonly senders: Sender[];
  readonly accounts: OneAccount[];
  readonly messages: MessageDetail[];
  nextId(): string;
}

/** A world as of `nowMs`. The same time gives the same world. */
export function makeWorld(nowMs: number): World {
  let made = 0;
  const tenants = makeTenants(nowMs);
  return {
    tenants,
    credentials: makeCredentials(nowMs),
    domains: makeDomains(nowMs),
    senders: makeSenders(nowMs),
    accounts: makeAccounts(nowMs),
    messages: makeMessages(nowMs),
    nextId: () => {
      made += 1;
      return id(99, made);
    },
  };
}

function makeTenants(now: number): Tenant[] {
  const row = (number: number, name: string, more: Partial<Tenant> = {}): Tenant => ({
    id: number === 1 ? TENANT : id(1, number),
    number,
    name,
    state: 'active',
    uncertain_policy: null,
    contact_email: null,
    language: 'en',
    created_at: iso(now - number * 40 * DAY),
    ...more,
  });
  return [
    row(1, 'rowing-club.example'),
    row(2, 'Chess League'),
    row(3, 'Verein Nord e. V.', { state: 'suspended', uncertain_policy: 'hold' }),
  ];
}

function makeCredentials(now: number): Credential[] {
  const row = (number: number, more: Partial<Credential>): Credential => ({
    id: id(2, number),
    tenant_id: TENANT,
    kind: 'api_key',
    name: '',
    handle: null,
    scopes: ['messages:write', 'messages:read'],
    default_stream: 'transactional',
    networks: [],
    rate_per_minute: null,
    state: 'active',
    created_at: iso(now - 30 * DAY),
    last_used_at: null,
    previous_valid_until: null,
    ...more,
  });
  return [
    row(1, { name: 'crm-live', handle: 'pb_live_7q3x', last_used_at: iso(now - 4 * MINUTE) }),
    row(2, {
      kind: 'smtp',
      name: 'old newsletter tool',
      handle: 'rowing-club-2',
      default_stream: 'bulk',
      state: 'suspended',
      last_used_at: iso(now - 3 * DAY),
    }),
    row(3, { tenant_id: id(1, 2), name: '', handle: 'pb_live_k2aa' }),
    row(4, { tenant_id: id(1, 2), kind: 'network', name: 'school server', networks: ['10.4.0.0/16'], last_used_at: iso(now - 20 * HOUR) }),
    row(5, {
      tenant_id: null,
      name: 'first operator key',
      handle: 'pb_op_1b9f',
      scopes: ['operator'],
      last_used_at: iso(now - 40 * SECOND),
    }),
    row(6, { name: 'crm-2024', handle: 'pb_live_0001', state: 'revoked', last_used_at: iso(now - 200 * DAY) }),
  ];
}

function makeSenders(now: number): Sender[] {
  const row = (number: number, address: string, more: Partial<Sender> = {}): Sender => ({
    id: id(6, number),
    tenant_id: id(1, 2),
    address,
    verified_at: null,
    verified_by: null,
    created_at: iso(now - 9 * DAY),
    confirmation: null,
    treatment: 'held',
    held_messages: 0,
    rewritten_from: null,
    why: `Nobody has confirmed ${address} yet, so mail from it is refused.`,
    ...more,
  });
  return [
    row(1, 'chess.league@gmail.com', {
      verified_at: iso(now - 8 * DAY),
      verified_by: 'mail',
      treatment: 'rewrite',
      rewritten_from: 'chess.league@chess-league.club-mail.example',
      why: 'From is written anew as chess.league@chess-league.club-mail.example, so that receivers can prove it; answers go to the person.',
    }),
    row(2, 'treasurer@gmx.de', { confirmation: { sent_at: iso(now - 2 * HOUR), expires_at: iso(now + 2 * DAY) } }),
    row(3, 'old.board@mailbox.test', {}),
    row(4, 'rowing.club@gmail.com', {
      tenant_id: TENANT,
      verified_at: iso(now - 8 * DAY),
      verified_by: 'operator',
      treatment: 'as-is',
      why: 'It goes out as it is, by a way that accepts a confirmed address.',
    }),
  ];
}

function makeAccounts(now: number): OneAccount[] {
  const row = (number: number, name: string, provider: string, more: Partial<OneAccount> = {}): OneAccount => ({
    id: id(3, number),
    name,
    provider,
    state: 'active',
    health: 'well',
    health_reason: null,
    health_until: null,
    simulated: false,
    settings:
      provider === 'smtp'
        ? { host: 'mx1.harbour.example', port: 587, tls: 'starttls', username: 'desk' }
        : { base_url: `https://api.${provider}.example/v1` },
    webhook_url: `http://127.0.0.1:8480/hooks/w_${number}f8c2b7d9e4a1650`,
    webhook_auth: { username: 'packetboat', password: `Qx7-${number}kT-v9Lm-2Rzd` },
    created_at: iso(now - number * 20 * DAY),
    ...more,
  });
  return [
    row(1, 'SparkPost EU', 'sparkpost'),
    row(2, 'Elastic Email', 'elastic-email', { health: 'degraded', health_reason: '2 of the last 20 answers took longer than 30 s' }),
    row(3, 'Mandrill', 'mandrill', {
      health: 'unreachable',
      health_reason: 'connect ETIMEDOUT 203.0.113.7:443',
      health_until: iso(now + 41 * SECOND + 2 * MINUTE),
    }),
    row(4, 'Own smarthost', 'smtp'),
  ];
}
