-- breaking: no
-- Organisations see that the platform did something, not who of its people: what was kept with a log-in name says so from now on; the audit log keeps who.

update tenant_rewriting set consented_by = 'platform'
  where exists (select from operators o where o.tenant_id is null and 'person:' || o.login = consented_by)
     or exists (select from credentials c where c.tenant_id is null and 'credential:' || c.id = consented_by);
update dmarc_source_judgements set said_by = 'platform'
  where exists (select from operators o where o.tenant_id is null and 'person:' || o.login = said_by)
     or exists (select from credentials c where c.tenant_id is null and 'credential:' || c.id = said_by);
