-- breaking: no
-- Holds by policy: what counts against an address, how often it was on hold, and every change of it in the event log.

-- Holds so far, and whether answers of the world made this one: those may lengthen or end it, a person's hold they may not.
alter table suppressions
  add column holds integer not null default 1 check (holds >= 0),
  add column by_answers boolean not null default false;
update suppressions set by_answers = recipient_id is not null;
-- Lists by class or source, and by the beginning of an address whatever the collation of the database.
create index suppressions_reason on suppressions (tenant_id, reason, id);
create index suppressions_prefix on suppressions (tenant_id, address collate "C", stream);

-- A hold that a person or an import set has no recipient; its event names the address itself.
alter table events alter column recipient_id drop not null, alter column message_id drop not null;

-- What an address did lately, as far as a hold can follow from it. Few addresses have a row: those that failed, complained or were released.
create table address_strikes (
  tenant_id uuid not null references tenants,
  address text not null,
  -- One entry per mail, the newest in time; feedback/marks.ts says what stands in it.
  marks jsonb not null default '[]',
  -- Something in it would be undone by a delivery; other rows cost a delivery nothing.
  heeds_delivery boolean not null default false,
  -- A delivery that was being written at the same moment may have been missed: it is looked at once more.
  look_again boolean not null default false,
  version integer not null default 0,
  changed_at timestamptz not null default now(),
  primary key (tenant_id, address)
);
create index address_strikes_again on address_strikes (tenant_id, address) where look_again;
create index address_strikes_age on address_strikes (changed_at);

-- Failures at the hand-over itself, on their way into address_strikes; written with the outcome.
create table strike_queue (
  id uuid primary key,
  tenant_id uuid not null,
  address text not null,
  mark jsonb not null
);

-- When an address goes on hold; null: the platform's, which organisations without one of their own inherit.
create table hold_policies (
  tenant_id uuid references tenants,
  rules jsonb not null,
  updated_at timestamptz not null default now(),
  unique nulls not distinct (tenant_id)
);

do $$
begin
  if exists (select from pg_roles where rolname = 'packetboat_tenant') then
    alter table address_strikes enable row level security;
    create policy tenant_only on address_strikes to packetboat_tenant
      using (tenant_id = nullif(current_setting('packetboat.tenant', true), '')::uuid);
    grant select, insert, update, delete on address_strikes to packetboat_tenant;
    alter table hold_policies enable row level security;
    -- The platform's policy is what its organisations inherit: they may read it.
    create policy tenant_reads on hold_policies for select to packetboat_tenant
      using (tenant_id is null or tenant_id = nullif(current_setting('packetboat.tenant', true), '')::uuid);
    grant select on hold_policies to packetboat_tenant;
  end if;
end $$;
