-- breaking: yes
-- Ways out: accounts, their pools, and routes. A route is account × pool × identity treatment from the first day on.

create table provider_accounts (
  id uuid primary key,
  name text not null unique,
  provider text not null,
  settings jsonb not null default '{}',
  -- Encrypted JSON object.
  secret bytea not null,
  -- Secret half of the webhook address, and the basic-auth password handed out with it (encrypted, because providers must be shown it again).
  webhook_token text not null unique,
  webhook_password bytea not null,
  state text not null default 'active' check (state in ('active', 'paused', 'removed')),
  -- Set for accounts made by the simulator, which are not real deliveries.
  simulated boolean not null default false,
  -- Breaker, shared by all nodes.
  health text not null default 'well' check (health in ('well', 'unreachable', 'throttled', 'quota', 'suspended', 'misconfigured', 'degraded')),
  health_reason text,
  health_until timestamptz,
  health_failures integer not null default 0,
  created_at timestamptz not null default now()
);

create table pools (
  id uuid primary key,
  account_id uuid not null references provider_accounts,
  -- The provider's own name for it; '' is its default.
  name text not null default '',
  kind text not null default 'shared' check (kind in ('shared', 'dedicated', 'probation', 'warm-up')),
  unique (account_id, name)
);

create table routes (
  id integer generated always as identity primary key,
  account_id uuid not null references provider_accounts,
  pool_id uuid not null references pools,
  treatment text not null default 'as-is' check (treatment in ('as-is')),
  unique (account_id, pool_id, treatment)
);

-- The ordered list of accounts: for the platform (both null), a tenant, a stream, or a tenant's stream. The most specific row wins.
create table routing (
  id uuid primary key,
  tenant_id uuid references tenants,
  stream text check (stream in ('transactional', 'bulk')),
  accounts uuid[] not null,
  updated_at timestamptz not null default now(),
  unique nulls not distinct (tenant_id, stream)
);
