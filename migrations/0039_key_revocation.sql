-- breaking: no
-- Keys whose private half may be in other hands end at once, everywhere; the key of the rewriting domain lives through the same states; and what a
-- removed domain leaves at providers is removed there too.

alter table dkim_keys
  -- Somebody revoked it because others may have it; the others ended in their time.
  add column compromised boolean not null default false;
create index dkim_keys_compromised on dkim_keys (domain_id, algorithm) where compromised;

-- One row. Its version rises in the transaction that takes a signing key away, so that every process notices with one small question.
create table key_fence (
  only_row boolean primary key default true check (only_row),
  version bigint not null default 0
);
insert into key_fence default values;

alter table rewriting_keys
  add column state text not null default 'new' check (state in ('new', 'published', 'active', 'retiring', 'revoked')),
  add column state_since timestamptz not null default now(),
  add column checked_at timestamptz,
  add column seen_ttl_s integer,
  add column trouble text,
  add column due_at timestamptz not null default now(),
  add column compromised boolean not null default false,
  alter column private_key drop not null;
-- The newest one signs; there has never been another.
update rewriting_keys k set state = case when id = (select max(n.id::text)::uuid from rewriting_keys n where n.domain = k.domain) then 'active' else 'retiring' end,
  state_since = created_at;
create unique index rewriting_keys_active on rewriting_keys (domain) where state = 'active';
create unique index rewriting_keys_coming on rewriting_keys (domain) where state in ('new', 'published');

-- A domain that is gone here and is to go at a provider too. The rows outlive the domain, so that what did not work stays visible.
create table provider_domain_removals (
  tenant_id uuid not null references tenants,
  id uuid primary key,
  domain text not null,
  account_id uuid not null references provider_accounts,
  -- due: to be asked (again) · removed: the provider does not know it any more · kept: somebody here uses it there (again)
  state text not null default 'due' check (state in ('due', 'removed', 'kept')),
  -- Why the last call did not work.
  trouble text,
  -- Repeating the call changes nothing: key, permission, a refusal, or a provider without such a call.
  needs_person boolean not null default false,
  failures integer not null default 0,
  tried_at timestamptz,
  due_at timestamptz not null default now(),
  created_at timestamptz not null default now()
);
create index provider_domain_removals_due on provider_domain_removals (due_at) where state = 'due';
create index provider_domain_removals_tenant on provider_domain_removals (tenant_id, id);
create index provider_domain_removals_account on provider_domain_removals (account_id);

do $$
begin
  if exists (select from pg_roles where rolname = 'packetboat_tenant') then
    -- It says nothing but that some key somewhere was revoked.
    grant select, update on key_fence to packetboat_tenant;
    alter table provider_domain_removals enable row level security;
    create policy tenant_only on provider_domain_removals to packetboat_tenant
      using (tenant_id = nullif(current_setting('packetboat.tenant', true), '')::uuid);
    grant select, insert, update, delete on provider_domain_removals to packetboat_tenant;
  end if;
end $$;
