-- breaking: no
-- Sending domains at providers that want to know them: where each stands at which account, what it asks to publish, and when it is looked at next.

create table provider_domains (
  tenant_id uuid not null references tenants,
  id uuid primary key,
  domain_id uuid not null references sending_domains on delete cascade,
  account_id uuid not null references provider_accounts,
  -- asked: written down, the provider has not answered yet · pending: it waits for records or a review · verified: it takes mail of the domain ·
  -- blocked: it refuses the domain, and records change nothing
  state text not null default 'asked' check (state in ('asked', 'pending', 'verified', 'blocked')),
  state_since timestamptz not null default now(),
  -- It signs with the domain's own DKIM key.
  signing boolean not null default false,
  -- [{"type", "host", "value", "needed"}]
  records jsonb not null default '[]',
  spf_include text,
  -- What the provider says is missing, or why the last call did not work.
  trouble text,
  -- The last call failed for our key or permission: a person has to act.
  needs_person boolean not null default false,
  failures integer not null default 0,
  checked_at timestamptz,
  due_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (domain_id, account_id)
);
create index provider_domains_due on provider_domains (due_at) where state <> 'blocked';
create index provider_domains_changed on provider_domains (changed_at);
create index provider_domains_account on provider_domains (account_id);

do $$
begin
  if exists (select from pg_roles where rolname = 'packetboat_tenant') then
    alter table provider_domains enable row level security;
    create policy tenant_only on provider_domains to packetboat_tenant
      using (tenant_id = nullif(current_setting('packetboat.tenant', true), '')::uuid);
    grant select, insert, update, delete on provider_domains to packetboat_tenant;
  end if;
end $$;
