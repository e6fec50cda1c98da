-- breaking: no
-- Incidents: one thing that is wrong on our side, with one domain or one mailing, with the receivers' own words, until it is quiet again.

create table incidents (
  -- Null: the platform's own business.
  tenant_id uuid references tenants,
  id uuid primary key,
  kind text not null check (kind in ('ip-blocked', 'authentication', 'account', 'capacity', 'content')),
  -- What it is about as one word; one case at a time.
  key text not null,
  -- False: it was over for so long that the same thing is a new case.
  current boolean not null default true,
  -- watching: something was seen, too little to speak of it.
  state text not null default 'watching' check (state in ('watching', 'open', 'closed')),
  fault text not null,
  account_id uuid references provider_accounts,
  pool_id uuid references pools,
  mailbox_provider text,
  domain text,
  message_id uuid,
  opened_at timestamptz,
  last_seen_at timestamptz not null,
  closed_at timestamptz,
  -- Who closed it and why; null: it was quiet for long enough.
  closed_by text,
  closed_why text,
  acknowledged_at timestamptz,
  acknowledged_by text,
  reopened integer not null default 0,
  -- Recipients that met it, and those of them that went another way.
  messages integer not null default 0,
  rerouted integer not null default 0,
  -- The receivers' words: [{"reply", "class", "count", "at"}].
  evidence jsonb not null default '[]',
  -- Counted since the window began.
  watch_since timestamptz not null,
  watch_bad integer not null default 0,
  watch_good integer not null default 0,
  watch_recipients uuid[] not null default '{}',
  -- The last recipient that met it: events for the tenant hang on it.
  seen_recipient_id uuid not null,
  seen_message_id uuid not null
);
create unique index incidents_key on incidents (key) where current;
create index incidents_list on incidents (id) where state <> 'watching';
create index incidents_tenant on incidents (tenant_id, id) where state <> 'watching';

do $$
begin
  if exists (select from pg_roles where rolname = 'packetboat_tenant') then
    alter table incidents enable row level security;
    create policy tenant_only on incidents to packetboat_tenant
      using (tenant_id = nullif(current_setting('packetboat.tenant', true), '')::uuid);
    grant select, insert, update, delete on incidents to packetboat_tenant;
  end if;
end $$;
