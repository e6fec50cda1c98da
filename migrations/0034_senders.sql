-- breaking: no
-- Senders without a domain of their own: mail that the desk writes itself, confirmations of addresses, and From addresses written anew on a domain of the platform.

-- Queued in the transaction that is the reason for it; handed in as a message of the platform's own organisation.
create table system_mails (
  -- Whom it is about; null: the platform.
  tenant_id uuid references tenants,
  id uuid primary key,
  kind text not null,
  to_address text not null,
  -- Encrypted JSON object with subject, text and html; emptied once it is handed in.
  sealed bytea,
  state text not null default 'due' check (state in ('due', 'accepted', 'dropped')),
  tries smallint not null default 0,
  due_at timestamptz not null default now(),
  -- The message it was handed in as.
  message_id uuid,
  -- Why it was not.
  note text,
  created_at timestamptz not null default now()
);
create index system_mails_due on system_mails (due_at) where state = 'due';
create index system_mails_ended on system_mails (created_at) where state <> 'due';

-- One confirmation mail each. The rows outlive their sender, so that removing and registering it again sends no more mail.
create table sender_confirmations (
  tenant_id uuid not null references tenants,
  id uuid primary key,
  sender_id uuid not null,
  address text not null,
  token_hash bytea not null unique,
  language text not null check (language in ('en', 'de')),
  sent_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index sender_confirmations_sender on sender_confirmations (tenant_id, sender_id, sent_at);
create index sender_confirmations_tenant on sender_confirmations (tenant_id, sent_at);
create index sender_confirmations_address on sender_confirmations (address, sent_at);

alter table senders
  -- operator, or mail: whoever reads the mailbox said so.
  add column verified_by text check (verified_by in ('operator', 'mail'));
update senders set verified_by = 'operator' where verified_at is not null;

-- What the operator allows for senders without a domain, and what the organisation agreed to.
create table tenant_rewriting (
  tenant_id uuid primary key references tenants,
  allowed boolean not null default false,
  -- Accounts that accept a verified address may carry it as it is.
  as_is boolean not null default true,
  -- Recipients a day (UTC); null: the setting of the desk.
  daily_cap integer check (daily_cap >= 0),
  -- Label below the rewriting domain; kept for good, so that answers never reach another organisation.
  label text not null unique,
  consented_at timestamptz,
  consented_by text,
  updated_at timestamptz not null default now()
);
-- The address an address is written as. Kept for good, so that answers to old mail never reach another person.
create table rewritten_addresses (
  tenant_id uuid not null references tenants,
  local_part text not null,
  address text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, local_part),
  unique (tenant_id, address)
);
create table rewriting_days (
  tenant_id uuid not null references tenants,
  day date not null,
  recipients integer not null,
  primary key (tenant_id, day)
);
-- Keys of the rewriting domain itself.
create table rewriting_keys (
  id uuid primary key,
  domain text not null,
  selector text not null,
  -- PKCS#8 PEM, encrypted with the key outside the database.
  private_key bytea not null,
  public_key text not null,
  created_at timestamptz not null default now(),
  unique (domain, selector)
);

alter table routes drop constraint routes_treatment_check;
alter table routes add constraint routes_treatment_check check (treatment in ('as-is', 'rewritten'));

-- How often an address was written to within a day, whichever organisation asked: it says nothing else, so an organisation's request may ask.
create function confirmations_within_a_day(to_address text) returns table (mails integer, oldest timestamptz)
  language sql stable security definer set search_path from current
  as $$ select count(*)::int, min(sent_at) from sender_confirmations where address = to_address and sent_at > now() - interval '24 hours' $$;
revoke all on function confirmations_within_a_day(text) from public;

do $$
declare
  scoped text;
begin
  if not exists (select from pg_roles where rolname = 'packetboat_tenant') then
    return;
  end if;
  foreach scoped in array array['system_mails', 'sender_confirmations', 'tenant_rewriting', 'rewritten_addresses', 'rewriting_days'] loop
    execute format('alter table %I enable row level security', scoped);
    execute format('create policy tenant_only on %I to packetboat_tenant using (tenant_id = nullif(current_setting(''packetboat.tenant'', true), '''')::uuid)', scoped);
  end loop;
  grant insert on system_mails to packetboat_tenant;
  grant select, insert on sender_confirmations, rewritten_addresses to packetboat_tenant;
  grant select, insert, update on tenant_rewriting to packetboat_tenant;
  grant select on rewriting_days to packetboat_tenant;
  grant execute on function confirmations_within_a_day(text) to packetboat_tenant;
end $$;
