-- breaking: no
-- Messages held because of whose name they carry: the desk asks the router again by itself, lets them go when the reason ended, and can say how many wait for what.

create table held_messages (
  tenant_id uuid not null references tenants,
  message_id uuid primary key,
  stream stream not null,
  -- Lower case.
  from_address text not null,
  from_domain text not null,
  -- What holds it, finer than the reason of its recipients: the router's code, sender-not-allowed or rewriting-cap; '' until somebody asked.
  code text not null,
  -- When its lifetime began.
  born_at timestamptz not null,
  held_at timestamptz not null default now(),
  -- Asked for itself not before; the like of it may be asked all the time.
  look_at timestamptz not null default now()
);
-- Finds the kinds of held messages by jumping from one to the next, and the messages of one kind, oldest first.
create index held_messages_kind on held_messages (tenant_id, from_address, stream, code, message_id);
create index held_messages_born on held_messages (stream, born_at);

-- What is held now. The consumer that goes on from here begins with the oldest transaction that this one cannot see.
insert into held_messages (tenant_id, message_id, stream, from_address, from_domain, code, born_at, held_at)
select distinct on (m.id) m.tenant_id, m.id, m.stream, lower(m.from_address), lower(split_part(m.from_address, '@', -1)), '',
  coalesce(m.send_at, to_timestamp(('x' || translate(substring(m.id::text from 1 for 13), '-', ''))::bit(48)::int8 / 1000.0)), r.state_at
from recipients r join messages m on m.id = r.message_id
where r.state = 'held' and r.reason in ('no-route', 'free-mailbox', 'rewriting-not-agreed', 'signed-by-author')
order by m.id;
insert into event_consumers (name, txid, id)
values ('held-messages', pg_snapshot_xmin(pg_current_snapshot()), '00000000-0000-0000-0000-000000000000');

do $$
begin
  if not exists (select from pg_roles where rolname = 'packetboat_tenant') then
    return;
  end if;
  alter table held_messages enable row level security;
  create policy tenant_only on held_messages to packetboat_tenant using (tenant_id = nullif(current_setting('packetboat.tenant', true), '')::uuid);
  grant select on held_messages to packetboat_tenant;
end $$;
