-- breaking: yes
-- First tables: who may use the desk, and as whom.

create table tenants (
  id uuid primary key,
  -- Short number for places where a UUID is too long (return paths, Feedback-ID).
  number integer generated always as identity unique,
  name text not null check (length(name) between 1 and 200),
  state text not null default 'active' check (state in ('active', 'suspended')),
  -- What to do with a hand-over of unknown fate once nobody can tell: resend once, or hold for a person.
  uncertain_policy text check (uncertain_policy in ('resend', 'hold')),
  settings jsonb not null default '{}',
  created_at timestamptz not null default now()
);

create table credentials (
  id uuid primary key,
  -- Null: a key of the operator.
  tenant_id uuid references tenants,
  kind text not null check (kind in ('api_key', 'smtp', 'network')),
  name text not null default '',
  -- The public half: key prefix, or SMTP user name; null for networks.
  handle text unique,
  -- HMAC-SHA-256 of the secret half.
  secret_hash bytea,
  scopes text[] not null default '{}',
  default_stream text not null default 'transactional' check (default_stream in ('transactional', 'bulk')),
  networks cidr[] not null default '{}',
  rate_per_minute integer check (rate_per_minute > 0),
  state text not null default 'active' check (state in ('active', 'suspended', 'revoked')),
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index credentials_tenant on credentials (tenant_id, id);

create table sending_domains (
  tenant_id uuid not null references tenants,
  id uuid primary key,
  name text not null,
  -- Set by an operator, or by verification: receivers can prove that we may speak for this domain.
  authenticated boolean not null default false,
  state text not null default 'pending' check (state in ('pending', 'verified', 'warning', 'broken')),
  created_at timestamptz not null default now(),
  unique (tenant_id, name)
);

create table dkim_keys (
  tenant_id uuid not null references tenants,
  id uuid primary key,
  domain_id uuid not null references sending_domains on delete cascade,
  selector text not null,
  algorithm text not null check (algorithm in ('rsa-sha256', 'ed25519-sha256')),
  -- PKCS#8 PEM, encrypted with the key outside the database.
  private_key bytea not null,
  public_key text not null,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  unique (domain_id, selector)
);

create table senders (
  tenant_id uuid not null references tenants,
  id uuid primary key,
  address text not null,
  verified_at timestamptz,
  created_at timestamptz not null default now(),
  unique (tenant_id, address)
);

create table operators (
  id uuid primary key,
  login text not null unique,
  password_hash text not null,
  role text not null check (role in ('owner', 'operator', 'viewer')),
  -- Set for a person of a tenant organisation; null for people of the platform.
  tenant_id uuid references tenants,
  created_at timestamptz not null default now(),
  last_login_at timestamptz
);

create table sessions (
  token_hash bytea primary key,
  operator_id uuid not null references operators on delete cascade,
  csrf_token text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

create table audit_log (
  id uuid primary key,
  at timestamptz not null default now(),
  actor text not null,
  tenant_id uuid,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}'
);
create index audit_log_tenant on audit_log (tenant_id, id);

-- Small facts the desk keeps about itself (first start, key fingerprints).
create table settings (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);
