-- breaking: no
-- The HTTP door: a rotated secret may live on for a while, lists of holds page newest first, and a tenant's request writes its own audit line.

alter table credentials
  add column previous_secret_hash bytea,
  add column previous_valid_until timestamptz;

create index suppressions_tenant on suppressions (tenant_id, id);

do $$
begin
  if exists (select from pg_roles where rolname = 'packetboat_tenant') then
    alter table audit_log enable row level security;
    create policy tenant_only on audit_log to packetboat_tenant using (tenant_id = nullif(current_setting('packetboat.tenant', true), '')::uuid);
    grant select, insert on audit_log to packetboat_tenant;
  end if;
end $$;
