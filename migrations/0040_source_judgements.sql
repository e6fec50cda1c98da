-- breaking: no
-- What people say about sources of a domain in DMARC reports: this one is ours, that one is not; who said it, and when.

create table dmarc_source_judgements (
  tenant_id uuid not null references tenants,
  domain_id uuid not null references sending_domains on delete cascade,
  -- Digest of kind and name: the source's id in the API.
  source text not null,
  kind text not null check (kind in ('ours', 'provider', 'forwarder', 'unknown')),
  name text not null,
  verdict text not null check (verdict in ('ours', 'not-ours')),
  -- What people call it; '': nothing.
  note text not null default '',
  said_by text not null,
  said_at timestamptz not null default now(),
  primary key (tenant_id, domain_id, source)
);
create index dmarc_source_judgements_domain on dmarc_source_judgements (domain_id);

do $$
begin
  if exists (select from pg_roles where rolname = 'packetboat_tenant') then
    alter table dmarc_source_judgements enable row level security;
    create policy tenant_only on dmarc_source_judgements to packetboat_tenant
      using (tenant_id = nullif(current_setting('packetboat.tenant', true), '')::uuid);
    grant select, insert, update, delete on dmarc_source_judgements to packetboat_tenant;
  end if;
end $$;
