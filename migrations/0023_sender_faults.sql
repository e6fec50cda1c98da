-- breaking: no
-- Refusals that were reported after a hand-over and lie with us, so that the recipient went another way; and incidents: what is wrong with an
-- IP at a receiver, with an account, with a domain, until it is quiet again.

-- One row per recipient and account that gave it back: no account gets the same recipient twice.
create table reported_refusals (
  tenant_id uuid not null,
  recipient_id uuid not null,
  account_id uuid not null,
  message_id uuid not null,
  class text,
  at timestamptz not null default now(),
  primary key (recipient_id, account_id)
) partition by range (recipient_id);
create table reported_refusals_default partition of reported_refusals default;
create index reported_refusals_message on reported_refusals (message_id);

do $$
begin
  if exists (select from pg_roles where rolname = 'packetboat_tenant') then
    alter table reported_refusals enable row level security;
    create policy tenant_only on reported_refusals to packetboat_tenant
      using (tenant_id = nullif(current_setting('packetboat.tenant', true), '')::uuid);
    grant select on reported_refusals to packetboat_tenant;
  end if;
end $$;
