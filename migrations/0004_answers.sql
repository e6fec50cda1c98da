-- breaking: yes
-- What the world answers: addresses on hold, raw webhooks and mails, and what we tell tenants.

create table suppressions (
  tenant_id uuid not null references tenants,
  id uuid not null unique,
  address text not null,
  -- '' holds every stream.
  stream text not null default '' check (stream in ('', 'transactional', 'bulk')),
  reason text not null, -- a feedback class, 'complaint', 'unsubscribed' or 'manual'
  source text not null, -- provider account, 'return-path', 'api', 'operator'
  evidence text,        -- the words that proved it
  recipient_id uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  primary key (tenant_id, address, stream)
);

-- A webhook request as it came in; thinking comes later and can be repeated.
create table webhook_requests (
  id uuid not null,
  account_id uuid not null,
  method text not null,
  url text not null,
  headers jsonb not null,
  body bytea not null,
  primary key (id)
) partition by range (id);
create table webhook_requests_default partition of webhook_requests default;
-- The ones still to be read; a row leaves when its request is done.
create table webhook_queue (
  id uuid primary key,
  account_id uuid not null,
  tries smallint not null default 0,
  due_at timestamptz not null default now(),
  error text
);

create table provider_event_keys (
  account_id uuid not null,
  key text not null,
  expires_at timestamptz not null,
  primary key (account_id, key)
) partition by hash (account_id, key);

-- A mail that reached the inbound door.
create table inbound_mails (
  id uuid not null,
  tenant_id uuid,
  recipient_id uuid,
  mail_from text not null,
  rcpt_to text not null,
  raw bytea not null,
  primary key (id)
) partition by range (id);
create table inbound_mails_default partition of inbound_mails default;
create table inbound_queue (
  id uuid primary key,
  tries smallint not null default 0,
  due_at timestamptz not null default now(),
  error text
);

create table webhook_endpoints (
  tenant_id uuid not null references tenants,
  id uuid primary key,
  url text not null,
  -- Encrypted signing secret (Standard Webhooks, whsec_…).
  secret bytea not null,
  -- Empty: every type.
  types text[] not null default '{}',
  state text not null default 'active' check (state in ('active', 'paused', 'removed')),
  created_at timestamptz not null default now(),
  -- Events up to here were turned into deliveries.
  cursor_txid xid8 not null,
  cursor_id uuid not null default '00000000-0000-0000-0000-000000000000'
);
create index webhook_endpoints_tenant on webhook_endpoints (tenant_id, id);

-- One event on its way to one endpoint. Gone once delivered; kept as a dead letter when a day of tries failed.
create table webhook_deliveries (
  tenant_id uuid not null,
  id uuid primary key,
  endpoint_id uuid not null references webhook_endpoints on delete cascade,
  event_txid xid8 not null,
  event_id uuid not null,
  payload jsonb not null,
  state text not null default 'due' check (state in ('due', 'dead')),
  tries smallint not null default 0,
  due_at timestamptz not null default now(),
  last_status integer,
  last_error text
);
create index webhook_deliveries_due on webhook_deliveries (due_at) where state = 'due';
create index webhook_deliveries_dead on webhook_deliveries (tenant_id, id) where state = 'dead';

do $$
begin
  for part in 0..7 loop
    execute format('create table provider_event_keys_%s partition of provider_event_keys for values with (modulus 8, remainder %s)', part, part);
  end loop;
end $$;
