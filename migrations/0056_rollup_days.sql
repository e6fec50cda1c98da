-- breaking: no
-- Whole days of the rollups, summed over all organisations: a question about everybody's year reads a few thousand rows however many organisations there are.

create table rollup_days (
  day timestamptz not null,
  stream stream not null,
  mailbox_provider text not null,
  account_id uuid not null,
  accepted integer not null,
  handed_over integer not null,
  delivered integer not null,
  bounced integer not null,
  failed integer not null,
  expired integer not null,
  suppressed integer not null,
  cancelled integer not null,
  complained integer not null,
  unsubscribed integer not null,
  primary key (day, stream, mailbox_provider, account_id)
);

create table rollup_class_days (
  day timestamptz not null,
  stream stream not null,
  mailbox_provider text not null,
  account_id uuid not null,
  measure text not null,
  class text not null,
  recipients integer not null,
  primary key (day, stream, mailbox_provider, account_id, measure, class)
);

-- Days (UTC) whose sums, in both tables, are what their rollups say. Whoever changes a rollup of such a day takes it off, in the same transaction,
-- until it is summed again; a day that is not here is read from the rollups themselves.
create table rollup_days_summed (
  day timestamptz primary key
);

-- In the place of the function of step 0055, whose month ended an hour early where the database's time zone puts its clocks forward.
create function rollups_changed() returns trigger language plpgsql as $$
begin
  -- Nearly all changes are about hours that nothing was summed of yet.
  if (select min(hour) from changed) < greatest(
    (select max(day) + interval '24 hours' from rollup_days_summed),
    (select max(month) + interval '744 hours' from rollup_months_summed)
  ) then
    delete from rollup_days_summed where day in (select date_trunc('day', hour, 'UTC') from changed);
    delete from rollup_months_summed where month in (select date_trunc('month', hour, 'UTC') from changed);
  end if;
  return null;
end $$;
create function rollups_emptied() returns trigger language plpgsql as $$
begin
  delete from rollup_days_summed;
  delete from rollup_months_summed;
  return null;
end $$;

-- One after the other in the order in which writers lock them.
do $$
declare
  changed text;
begin
  foreach changed in array array['rollups', 'rollup_classes'] loop
    execute format('create trigger rollups_added after insert on %I referencing new table as changed for each statement execute function rollups_changed()', changed);
    execute format('create trigger rollups_updated after update on %I referencing new table as changed for each statement execute function rollups_changed()', changed);
    execute format('create trigger rollups_deleted after delete on %I referencing old table as changed for each statement execute function rollups_changed()', changed);
    execute format('create trigger rollups_emptied after truncate on %I for each statement execute function rollups_emptied()', changed);
    if changed = 'rollups' then
      drop trigger rollup_months_added on rollups;
      drop trigger rollup_months_updated on rollups;
      drop trigger rollup_months_deleted on rollups;
    end if;
  end loop;
end $$;
drop function rollup_months_change();

do $$
declare
  summed text;
begin
  -- Operators read them alone: no policy lets a tenant's request see a row.
  if exists (select from pg_roles where rolname = 'packetboat_tenant') then
    foreach summed in array array['rollup_days', 'rollup_class_days', 'rollup_days_summed', 'rollup_months_summed'] loop
      execute format('alter table %I enable row level security', summed);
    end loop;
  end if;
end $$;
