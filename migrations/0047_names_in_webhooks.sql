-- breaking: no
-- What waits to be posted, and what could not be, was written before organisations stopped reading who of the platform's people did something (0042). Only these
-- rows are changed: what was posted is gone from here, and events from before are told without the names when they are read.

update webhook_deliveries d
  set payload = jsonb_set(d.payload, '{data,by}', to_jsonb(case when known.tenant_id is null and known.there then 'platform' else split_part(d.payload #>> '{data,by}', ':', 1) end))
  from (
    select w.id, o.id is not null or c.id is not null as there, coalesce(o.tenant_id, c.tenant_id) as tenant_id
    from webhook_deliveries w
      left join operators o on 'person:' || o.login = w.payload #>> '{data,by}'
      left join credentials c on 'credential:' || c.id = w.payload #>> '{data,by}'
    where w.payload #>> '{data,by}' ~ '^(person|credential):'
      and w.event_id < (lpad(to_hex((extract(epoch from (select started_at from schema_migrations where number = 42)) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
  ) known
  where known.id = d.id and known.tenant_id is distinct from d.tenant_id;
