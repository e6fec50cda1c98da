-- breaking: no
-- The key that encrypts stored secrets can be replaced: which keys there are, which one writes, which processes know it, and what each secret was encrypted with.

create table secret_keys (
  -- Tells keys apart and tells nothing about them: 16 hexadecimal digits derived from the key. The keys themselves are in files outside the database.
  id text primary key check (id ~ '^[0-9a-f]{16}$'),
  -- coming: in some key file, not written with yet · writing: encrypts what is stored from now on · reading: older secrets still need it
  -- · retired: nothing needs it · forgotten: taken out of the key files, too
  state text not null check (state in ('coming', 'writing', 'reading', 'retired', 'forgotten')),
  -- The first key of this desk: what it encrypted does not name its key.
  original boolean not null default false,
  -- What was once derived from the original key (hashes of credentials, return paths), encrypted with this one. Null where nothing needs the key.
  derived bytea,
  since timestamptz not null default now(),
  created_at timestamptz not null default now()
);
create unique index secret_keys_original on secret_keys (original) where original;
create unique index secret_keys_one on secret_keys (state) where state in ('coming', 'writing');
insert into secret_keys (id, state, original) select value #>> '{}', 'writing', true from settings where key = 'master_key_fingerprint';

alter table nodes
  -- Keys in its key file, and the one it writes with. Null: it has not said so yet, or is of a version that knows one key only.
  add column secret_keys text[],
  add column writes_with text;

-- The key a stored secret was encrypted with; 'original' where it does not say. Null: there is no secret.
create function secret_key_of(sealed bytea) returns text language sql immutable as $$
  select case when sealed is null or length(sealed) = 0 then null when get_byte(sealed, 0) = 2 then encode(substring(sealed from 2 for 8), 'hex') else 'original' end
$$;

-- Whoever slept while a key was retired must not write with it any more: nobody might have it when the secret is read.
create function refuse_unused_secret_key() returns trigger language plpgsql security definer set search_path from current as $$
declare
  used text;
  stands text;
begin
  execute format('select secret_key_of(($1).%I)', tg_argv[0]) into used using new;
  if used is null then return new; end if;
  select state into stands from secret_keys where (used = 'original' and original) or id = used for share;
  if (stands is null and used <> 'original') or stands not in ('writing', 'reading') then
    raise exception 'a secret was encrypted with a key that is not in use' using errcode = 'object_not_in_prerequisite_state';
  end if;
  return new;
end $$;
create trigger secret_key before insert or update of secret on provider_accounts for each row execute function refuse_unused_secret_key('secret');
create trigger webhook_password_key before insert or update of webhook_password on provider_accounts
  for each row execute function refuse_unused_secret_key('webhook_password');
create trigger secret_key before insert or update of secret on mailboxes for each row execute function refuse_unused_secret_key('secret');
create trigger secret_key before insert or update of secret on webhook_endpoints for each row execute function refuse_unused_secret_key('secret');
create trigger secret_key before insert or update of private_key on dkim_keys for each row execute function refuse_unused_secret_key('private_key');
create trigger secret_key before insert or update of private_key on rewriting_keys for each row execute function refuse_unused_secret_key('private_key');
create trigger secret_key before insert or update of sealed on system_mails for each row execute function refuse_unused_secret_key('sealed');
do $$
begin
  -- Made by a step with a greater number, which a database may know already; else that step makes the trigger.
  if to_regclass('access_tokens') is not null then
    create trigger secret_key before insert or update of secret on access_tokens for each row execute function refuse_unused_secret_key('secret');
  end if;
end $$;
