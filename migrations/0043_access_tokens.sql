-- breaking: no
-- Access tokens for log-ins without a password (OAuth 2.0), and the refresh tokens that an endpoint put in place of those that people gave.

create table access_tokens (
  -- A provider account or a bounce mailbox; goes with it.
  owner_id uuid primary key,
  -- Encrypted JSON object; null: nothing was issued yet.
  secret bytea,
  -- One process asks the endpoint at a time: a refresh token that may be used once must not be used twice.
  holder uuid,
  held_until timestamptz,
  changed_at timestamptz not null default now()
);
-- As on every table with secrets (0041): not with a key that is out of use.
create trigger secret_key before insert or update of secret on access_tokens for each row execute function refuse_unused_secret_key('secret');
