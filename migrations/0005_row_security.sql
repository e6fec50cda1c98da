-- breaking: no
-- Requests of tenants run as a role that sees one tenant's rows only, whatever the query says.

do $$
declare
  scoped text;
begin
  if not exists (select from pg_roles where rolname = 'packetboat_tenant') then
    begin
      create role packetboat_tenant nologin;
    exception when insufficient_privilege then
      -- Without the role the store still names the tenant in every statement; "packetboat doctor" says that the second wall is missing.
      raise notice 'role packetboat_tenant could not be made';
      return;
    when duplicate_object or unique_violation then
      null; -- another database of this server was migrated at the same moment
    end;
  end if;
  execute format('grant packetboat_tenant to %I', current_user);
  execute format('grant usage on schema %I to packetboat_tenant', current_schema());
  foreach scoped in array array['credentials', 'sending_domains', 'dkim_keys', 'senders', 'bodies', 'messages', 'recipients', 'attempts', 'events',
    'suppressions', 'idempotency_keys', 'webhook_endpoints', 'webhook_deliveries', 'lanes', 'intake_counters', 'closing_counters',
    'uncertain_recipients', 'routing'] loop
    execute format('alter table %I enable row level security', scoped);
    execute format('create policy tenant_only on %I to packetboat_tenant using (tenant_id = nullif(current_setting(''packetboat.tenant'', true), '''')::uuid)', scoped);
    execute format('grant select, insert, update, delete on %I to packetboat_tenant', scoped);
  end loop;
  alter table tenants enable row level security;
  create policy tenant_only on tenants to packetboat_tenant using (id = nullif(current_setting('packetboat.tenant', true), '')::uuid);
  grant select on tenants to packetboat_tenant;
  -- Shared, harmless tables a tenant's request joins.
  grant select on route_decisions, routes to packetboat_tenant;
end $$;
