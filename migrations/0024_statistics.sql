-- breaking: no
-- Readers of the whole event log, each event once: their places, and an index that gives the log of everybody in one range.

create table event_consumers (
  name text primary key,
  -- Events up to here were consumed; moved in the transaction that consumed them.
  txid xid8 not null,
  id uuid not null
);

-- Appended at its right edge only, so an event costs it about a microsecond.
create index events_log on events (txid, id);
