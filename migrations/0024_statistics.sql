-- breaking: no
-- Readers of the whole event log, each event once; and what they count: how many recipients of an hour stand where, for statistics that
-- outlive the weeks of the rows themselves.

create table event_consumers (
  name text primary key,
  -- Events up to here were consumed; moved in the transaction that consumed them.
  txid xid8 not null,
  id uuid not null
);

-- The log of everybody in one range. Appended at its right edge only, so an event costs it about a microsecond.
create index events_log on events (txid, id);
-- Answers that people look into, newest first: of one organisation, and of all. Few events are of these types.
create index events_answers on events (tenant_id, id) where type in ('bounced', 'rejected', 'failed', 'expired', 'complained');
create index events_all_answers on events (id) where type in ('bounced', 'rejected', 'failed', 'expired', 'complained');

-- The intake counts by sending domain and lane as well; compaction moves this detail into the rollups and leaves the hour to the ledger.
alter table intake_counters add column domain text, add column lane_id integer;

-- Recipients by the hour in which their message was accepted. A recipient stands in exactly one of the columns from handed_over to cancelled
-- once something became of it; what comes later moves it. After two weeks hours are summed into days (an hour that is 0 o'clock, UTC).
create table rollups (
  tenant_id uuid not null,
  hour timestamptz not null,
  stream stream not null,
  -- '' is the rest of a day with very many domains.
  domain text not null,
  mailbox_provider text not null,
  -- The account it was handed over by last; the zero id: none.
  account_id uuid not null,
  accepted integer not null default 0,
  handed_over integer not null default 0,
  delivered integer not null default 0,
  bounced integer not null default 0,
  failed integer not null default 0,
  expired integer not null default 0,
  suppressed integer not null default 0,
  cancelled integer not null default 0,
  -- Marks, beside the states.
  complained integer not null default 0,
  unsubscribed integer not null default 0,
  primary key (tenant_id, hour, stream, domain, mailbox_provider, account_id)
);
create index rollups_hour on rollups (hour);

-- Those of the column `measure` above, by the class of the answer that decided it.
create table rollup_classes (
  tenant_id uuid not null,
  hour timestamptz not null,
  stream stream not null,
  domain text not null,
  mailbox_provider text not null,
  account_id uuid not null,
  measure text not null check (measure in ('bounced', 'failed')),
  class text not null,
  recipients integer not null,
  primary key (tenant_id, hour, stream, domain, mailbox_provider, account_id, measure, class)
);
create index rollup_classes_hour on rollup_classes (hour);

do $$
declare
  scoped text;
begin
  if exists (select from pg_roles where rolname = 'packetboat_tenant') then
    foreach scoped in array array['rollups', 'rollup_classes'] loop
      execute format('alter table %I enable row level security', scoped);
      execute format('create policy tenant_only on %I to packetboat_tenant using (tenant_id = nullif(current_setting(''packetboat.tenant'', true), '''')::uuid)', scoped);
      execute format('grant select on %I to packetboat_tenant', scoped);
    end loop;
  end if;
end $$;
