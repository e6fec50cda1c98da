-- breaking: no
-- Whole months of the rollups, summed: a question about a year of everybody reads a few thousand rows instead of every day of every organisation.

create table rollup_months (
  month timestamptz not null,
  tenant_id uuid not null,
  stream stream not null,
  domain text not null,
  mailbox_provider text not null,
  account_id uuid not null,
  accepted integer not null default 0,
  handed_over integer not null default 0,
  delivered integer not null default 0,
  bounced integer not null default 0,
  failed integer not null default 0,
  expired integer not null default 0,
  suppressed integer not null default 0,
  cancelled integer not null default 0,
  complained integer not null default 0,
  unsubscribed integer not null default 0,
  primary key (month, tenant_id, stream, domain, mailbox_provider, account_id)
);

-- Months (UTC) whose sums are what their rollups say. Whoever changes a rollup of such a month takes it off, in the same transaction, until it is summed again.
create table rollup_months_summed (
  month timestamptz primary key
);

create function rollup_months_change() returns trigger language plpgsql as $$
begin
  -- Nearly all changes are about days that no month was summed of yet.
  if (select min(hour) from changed) < (select max(month) + interval '31 days' from rollup_months_summed) then
    delete from rollup_months_summed
    where month in (select date_trunc('month', hour at time zone 'UTC') at time zone 'UTC' from changed);
  end if;
  return null;
end $$;
create trigger rollup_months_added after insert on rollups referencing new table as changed for each statement execute function rollup_months_change();
create trigger rollup_months_updated after update on rollups referencing new table as changed for each statement execute function rollup_months_change();
create trigger rollup_months_deleted after delete on rollups referencing old table as changed for each statement execute function rollup_months_change();

do $$
begin
  -- Operators read them alone; the wall stands all the same.
  if exists (select from pg_roles where rolname = 'packetboat_tenant') then
    alter table rollup_months enable row level security;
    create policy tenant_only on rollup_months to packetboat_tenant using (tenant_id = nullif(current_setting('packetboat.tenant', true), '')::uuid);
  end if;
end $$;
