-- breaking: no
-- Mail that a released hold had stopped and that is to be handed in again: written with the release, so that a crash between the two leaves it to do.

create table stopped_resends (
  tenant_id uuid not null references tenants,
  -- The hold that ended; its row is gone.
  hold_id uuid not null,
  message_id uuid not null,
  -- As it was written in that message.
  address text not null,
  -- Who released the hold; the new messages are theirs.
  credential_id uuid,
  asked_at timestamptz not null default now(),
  -- Until then it is in somebody's hands.
  due_at timestamptz not null,
  primary key (tenant_id, hold_id, message_id)
);
create index stopped_resends_due on stopped_resends (due_at);

do $$
begin
  if not exists (select from pg_roles where rolname = 'packetboat_tenant') then
    return;
  end if;
  alter table stopped_resends enable row level security;
  create policy tenant_only on stopped_resends to packetboat_tenant using (tenant_id = nullif(current_setting('packetboat.tenant', true), '')::uuid);
  grant select, insert on stopped_resends to packetboat_tenant;
end $$;
