-- breaking: no
-- Suppression lists of providers: how far each account's list was read, what stands on it about addresses of ours, and what has to change there.

create table list_syncs (
  account_id uuid primary key references provider_accounts,
  -- Seconds between two readings; null: as the provider's adapter says.
  every_s integer check (every_s between 60 and 2592000),
  -- Whether our holds for complaints, unsubscriptions and by hand are put on the provider's list too.
  push_holds text not null default 'never' check (push_holds in ('never', 'own-list', 'always')),
  pushed_to uuid,
  -- Whether an address that leaves the provider's list is released here, where that list alone put it on hold.
  follow_removals boolean not null default false,
  due_at timestamptz not null default now(),
  full_wanted boolean not null default false,
  -- Who reads just now, and until when nobody else may.
  runner uuid,
  runner_until timestamptz,
  -- The reading that is under way, or the last one.
  run_id uuid,
  run_since timestamptz,
  run_started_at timestamptz,
  run_ended_at timestamptz,
  cursor text,
  counts jsonb not null default '{}',
  -- What changed before this moment was read, and when the whole list was.
  read_to timestamptz,
  full_at timestamptz,
  failures integer not null default 0,
  last_error text,
  last_error_kind text check (last_error_kind in ('later', 'account')),
  last_error_at timestamptz
);

-- What an account's list says about addresses that our mail went to over that account. Not a tenant's table: operators read it.
create table list_entries (
  account_id uuid not null references provider_accounts,
  address text not null,
  -- '' stops every stream.
  stream text not null default '' check (stream in ('', 'transactional', 'bulk')),
  why text not null check (why in ('bounce', 'complaint', 'unsubscribe', 'manual', 'provider')),
  label text not null,
  class text,
  diagnostic text,
  listed_at timestamptz,
  -- 'hold', or why nobody is on hold for it.
  verdict text not null,
  -- The reading that saw it last.
  run_id uuid not null,
  seen_at timestamptz not null default now(),
  primary key (account_id, address, stream)
);
create index list_entries_verdict on list_entries (account_id, verdict, address, stream);
create index list_entries_address on list_entries (address);

-- What is wanted of a list: one row per address, the newest wish wins.
create table list_changes (
  account_id uuid not null references provider_accounts,
  address text not null,
  action text not null check (action in ('remove', 'add')),
  -- '' is every stream; of additions.
  stream text not null default '' check (stream in ('', 'transactional', 'bulk')),
  why text not null,
  -- The organisation whose release or hold it follows; null: an operator's wish.
  tenant_id uuid,
  -- When the knowledge arose that it follows.
  asked_at timestamptz not null default clock_timestamp(),
  due_at timestamptz not null default now(),
  tries smallint not null default 0,
  state text not null default 'due' check (state in ('due', 'done', 'refused', 'overtaken')),
  error text,
  done_at timestamptz,
  primary key (account_id, address)
);
create index list_changes_due on list_changes (account_id, due_at) where state = 'due';

-- Mail was dropped for an account's list: the entry is looked up, so that the organisation sees why.
create table list_looks (
  account_id uuid not null references provider_accounts,
  address text not null,
  tenant_id uuid not null,
  due_at timestamptz not null default now(),
  tries smallint not null default 0,
  primary key (account_id, address, tenant_id)
);
create index list_looks_due on list_looks (account_id, due_at);

-- The last release of each address by each organisation, whoever did it. `taken`: the accounts' lists have been told.
create table released_holds (
  tenant_id uuid not null,
  address text not null,
  released_at timestamptz not null,
  taken boolean not null default false,
  primary key (tenant_id, address)
);
create index released_holds_news on released_holds (released_at) where not taken;

-- Written by the database, so that no way of ending a hold can forget it. A hold that had ended by itself was not released.
create function note_released_holds() returns trigger language plpgsql security definer set search_path from current as $$
begin
  insert into released_holds (tenant_id, address, released_at)
  select distinct tenant_id, address, clock_timestamp() from gone where expires_at is null or expires_at > now()
  on conflict (tenant_id, address) do update set released_at = excluded.released_at, taken = false;
  return null;
end $$;
create trigger suppressions_released after delete on suppressions referencing old table as gone
  for each statement execute function note_released_holds();
