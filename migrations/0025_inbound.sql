-- breaking: no
-- What inbound mails were read as, mailboxes that are polled for them, mail for people, and notices to applications that only know mail.

alter table inbound_mails
  -- Null: it came to the inbound door.
  add column mailbox_id uuid,
  add column remote_address text not null default '';
create index inbound_mails_tenant on inbound_mails (tenant_id, id);

-- What a mail was read as, by the rules of the day it was read; read again, it is written again.
create table inbound_readings (
  tenant_id uuid,
  id uuid not null,
  recipient_id uuid,
  message_id uuid,
  -- bounce, delayed, delivered, complaint, auto-reply, other; null: it could not be read.
  kind text,
  class text,
  fault text,
  -- return-path, returned-path, reference, message-id; null: about nobody we know.
  matched_by text,
  -- recorded, unmatched, forwarded, kept, unreadable
  outcome text not null,
  -- Why it was not forwarded, or could not be read.
  note text,
  subject text not null default '',
  from_address text not null default '',
  forwarded_message_id uuid,
  detail jsonb not null default '{}',
  times integer not null default 1,
  read_at timestamptz not null default now(),
  primary key (id)
) partition by range (id);
create table inbound_readings_default partition of inbound_readings default;
create index inbound_readings_tenant on inbound_readings (tenant_id, id);

-- A mailbox that reports come to, read by IMAP. The cursor moves in the transaction that stores the raw mails.
create table mailboxes (
  id uuid primary key,
  name text not null unique,
  settings jsonb not null,
  -- Encrypted JSON object.
  secret bytea not null,
  state text not null default 'active' check (state in ('active', 'paused', 'removed')),
  uid_validity bigint,
  last_uid bigint not null default 0,
  -- One reader at a time, whichever node it runs on.
  holder uuid,
  held_until timestamptz,
  due_at timestamptz not null default now(),
  failures integer not null default 0,
  last_error text,
  last_error_at timestamptz,
  last_read_at timestamptz,
  mails_read bigint not null default 0,
  created_at timestamptz not null default now()
);
-- When a server numbers its mails anew, those that are stored already are known by their digest.
create table mailbox_mails (
  mailbox_id uuid not null references mailboxes on delete cascade,
  digest bytea not null,
  stored_at timestamptz not null default now(),
  primary key (mailbox_id, digest)
);
create index mailbox_mails_age on mailbox_mails (stored_at);

create table reply_forwarding (
  tenant_id uuid primary key references tenants,
  enabled boolean not null default true,
  -- Where answers go when neither Reply-To nor From of the message can be used.
  address text
);

create table bounce_notice_settings (
  tenant_id uuid primary key references tenants,
  enabled boolean not null default false,
  -- Null: every class.
  classes text[],
  complaints boolean not null default false,
  -- An SMTP account that carries the notices; null: the organisation's own route.
  account_id uuid references provider_accounts
);
create table bounce_notices (
  tenant_id uuid not null references tenants,
  id uuid primary key,
  recipient_id uuid not null,
  message_id uuid not null,
  kind text not null check (kind in ('failed', 'complaint')),
  -- Envelope sender of the application, as it was given.
  to_address text not null,
  address text not null,
  class text,
  at timestamptz not null,
  state text not null default 'due' check (state in ('due', 'handed_over', 'dropped', 'dead')),
  tries smallint not null default 0,
  due_at timestamptz not null default now(),
  -- The other server's words, or why nothing was handed over.
  reply text,
  ended_at timestamptz,
  unique (recipient_id, kind)
);
-- Taken organisation by organisation, so that a hundred thousand of one cost the others nothing.
create index bounce_notices_due on bounce_notices (tenant_id, due_at) where state = 'due';
create index bounce_notices_tenant on bounce_notices (tenant_id, id);
create index bounce_notices_ended on bounce_notices (tenant_id, ended_at);

do $$
declare
  scoped text;
begin
  if not exists (select from pg_roles where rolname = 'packetboat_tenant') then
    return;
  end if;
  foreach scoped in array array['inbound_mails', 'inbound_readings', 'reply_forwarding', 'bounce_notice_settings', 'bounce_notices'] loop
    execute format('alter table %I enable row level security', scoped);
    execute format('create policy tenant_only on %I to packetboat_tenant using (tenant_id = nullif(current_setting(''packetboat.tenant'', true), '''')::uuid)', scoped);
  end loop;
  grant select on inbound_mails, inbound_readings, bounce_notices to packetboat_tenant;
  grant select, insert, update on reply_forwarding, bounce_notice_settings to packetboat_tenant;
end $$;
