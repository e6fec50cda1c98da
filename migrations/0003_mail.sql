-- breaking: yes
-- Messages, recipients and everything that happens to them. Tables that grow are range-partitioned on their UUIDv7 by week.

create type recipient_state as enum ('scheduled', 'queued', 'submitting', 'uncertain', 'deferred', 'held', 'handed_over', 'delivered', 'bounced',
  'failed', 'expired', 'suppressed', 'cancelled');
create type stream as enum ('transactional', 'bulk');

-- Never updated. 4 KB bodies stay inside the row: moving them out of line costs two more index insertions a message.
create table bodies (
  tenant_id uuid not null,
  id uuid not null,
  encoding smallint not null default 0, -- 0 as received, 1 zstd
  size integer not null,
  data bytea not null,
  primary key (id)
) partition by range (id);
alter table bodies alter column data set storage external;

create table messages (
  tenant_id uuid not null,
  id uuid not null,
  body_id uuid not null,
  credential_id uuid,
  stream stream not null,
  -- Envelope sender as the application gave it; '' is the null sender.
  mail_from text not null,
  from_address text not null,
  subject text not null,
  header_message_id text not null,
  size integer not null,
  -- 1: SMTPUTF8 needed, 2: bytes above 127.
  flags smallint not null default 0,
  tags text[] not null default '{}',
  metadata jsonb,
  send_at timestamptz,
  recipient_count integer not null,
  -- Recipient ids are minted right after the message's id, so the range (id, last_recipient_id] finds them without another index.
  last_recipient_id uuid not null,
  primary key (id)
) partition by range (id);
create index messages_tenant on messages (tenant_id, id);

-- One recipient, one row, one fate. No index and no predicate names `state`, `lease` is BRIN and a hot row never sets `due_at`:
-- so the step submitting → handed_over is a heap-only update and touches no index.
create table recipients (
  tenant_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  address text not null,
  stream stream not null,
  state recipient_state not null,
  lane_id integer not null,
  -- When it is ready for a hand-over; null while nothing is due (on the wire, finished, held).
  due_at timestamptz,
  -- Who holds it on the wire: node epoch × 2^24 + tick of that node's lease (5 s a tick).
  lease bigint,
  attempts smallint not null default 0,
  route_id integer,
  decision_id uuid,
  -- Class of the last answer, or the code of what holds or stopped it.
  reason text,
  -- Bits: 1 complained, 2 opened, 4 clicked, 8 unsubscribed, 16 resent after an uncertain hand-over, 32 provider is silent (no delivery events).
  marks smallint not null default 0,
  state_at timestamptz not null,
  primary key (id)
) partition by range (id);
create index recipients_ready on recipients (lane_id, due_at) where due_at is not null;
-- Lower case, because people search as they remember; suppressions compare the same form.
create index recipients_address on recipients (tenant_id, lower(address));
create index recipients_lease on recipients using brin (lease) with (pages_per_range = 16, autosummarize = on);

-- One hand-over try that ended. While it is on the wire its route, decision and lease stand in the recipient's row.
create table attempts (
  tenant_id uuid not null,
  id uuid not null,
  recipient_id uuid not null,
  message_id uuid not null,
  number smallint not null,
  route_id integer not null,
  decision_id uuid,
  outcome text not null,
  class text,
  reply text,
  provider_message_id text,
  started_at timestamptz not null,
  ended_at timestamptz not null
) partition by range (id);
create index attempts_message on attempts (message_id);
create index attempts_id on attempts using brin (id);

-- Something that happened to a recipient. Readers page by (txid, id) and see only what no running transaction can still precede.
create table events (
  tenant_id uuid not null,
  txid xid8 not null default pg_current_xact_id(),
  id uuid not null,
  recipient_id uuid not null,
  message_id uuid not null,
  type text not null,
  -- Details: class, fault, diagnostic, provider label, account, link.
  data jsonb,
  at timestamptz not null
) partition by range (id);
create index events_cursor on events (tenant_id, txid, id);
create index events_message on events (message_id);

-- The router's reasons, stored once per distinct decision (the id is a hash of the content).
create table route_decisions (
  id uuid primary key,
  body jsonb not null,
  first_at timestamptz not null default now()
);

-- tenant × stream × mailbox provider × route: the unit of fairness and of blocking.
create table lanes (
  id integer generated always as identity primary key,
  tenant_id uuid not null,
  stream stream not null,
  mailbox_provider text not null,
  -- Null: no route is chosen yet (it is chosen at the hand-over).
  route_id integer,
  blocked_until timestamptz,
  blocked_reason text,
  unique nulls not distinct (tenant_id, stream, mailbox_provider, route_id)
);

create sequence node_epochs as integer;
create table nodes (
  epoch integer primary key,
  name text not null,
  pid integer not null,
  roles text[] not null,
  started_at timestamptz not null default now(),
  alive_until timestamptz not null,
  -- Leases below this are settled; what a dead node leaves open lies at or above it.
  oldest_lease bigint not null default 0
);

-- Hand-overs of unknown fate and when the next step of settling them is due.
create table uncertain_recipients (
  tenant_id uuid not null,
  recipient_id uuid primary key,
  message_id uuid not null,
  route_id integer,
  since timestamptz not null default now(),
  settle_at timestamptz not null,
  asked smallint not null default 0
);
create index uncertain_due on uncertain_recipients (settle_at);

-- What we handed to providers that answer by webhook, under their own id.
create table provider_messages (
  tenant_id uuid not null,
  recipient_id uuid not null,
  account_id uuid not null,
  provider_message_id text not null,
  message_id uuid not null,
  address text not null
) partition by range (recipient_id);
create index provider_messages_id on provider_messages (account_id, provider_message_id);
create index provider_messages_recipient on provider_messages (recipient_id, account_id);

-- The ledger. `injected` is appended in the intake commit and never updated; compaction sums old rows in one statement.
create table intake_counters (
  tenant_id uuid not null,
  stream stream not null,
  hour timestamptz not null,
  injected integer not null
);
create index intake_counters_hour on intake_counters (tenant_id, stream, hour);
-- What states the recipients of a dropped partition ended in.
create table closing_counters (
  tenant_id uuid not null,
  stream stream not null,
  hour timestamptz not null,
  state recipient_state not null,
  recipients bigint not null,
  primary key (tenant_id, stream, hour, state)
);

-- Unique across time, so not partitioned by it.
create table idempotency_keys (
  tenant_id uuid not null,
  key text not null check (length(key) between 1 and 255),
  body_hash bytea not null,
  message_id uuid not null,
  expires_at timestamptz not null,
  primary key (tenant_id, key)
) partition by hash (tenant_id, key);

do $$
declare
  part integer;
  parent text;
begin
  for part in 0..7 loop
    execute format('create table idempotency_keys_%s partition of idempotency_keys for values with (modulus 8, remainder %s)', part, part);
  end loop;
  -- Rows land here only when the weekly partitions were not made in time; the desk raises an alarm.
  foreach parent in array array['bodies', 'messages', 'recipients', 'attempts', 'events', 'provider_messages'] loop
    execute format('create table %s_default partition of %s default', parent, parent);
  end loop;
end $$;
