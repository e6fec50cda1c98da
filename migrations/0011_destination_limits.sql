-- breaking: no
-- How much an operator lets go to one mailbox provider at once and in a minute, by one account or by each.

create table destination_limits (
  id uuid primary key,
  -- Null: for every account, each on its own.
  account_id uuid references provider_accounts,
  mailbox_provider text not null,
  connections integer check (connections > 0),
  per_minute integer check (per_minute > 0),
  updated_at timestamptz not null default now(),
  check (connections is not null or per_minute is not null),
  unique nulls not distinct (account_id, mailbox_provider)
);
