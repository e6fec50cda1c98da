-- breaking: no
-- Access tokens are encrypted as other secrets are: whoever slept while a key was retired must not write with it any more.

do $$
begin
  if not exists (select from pg_trigger where tgname = 'secret_key' and tgrelid = 'access_tokens'::regclass) then
    create trigger secret_key before insert or update of secret on access_tokens for each row execute function refuse_unused_secret_key('secret');
  end if;
end $$;
