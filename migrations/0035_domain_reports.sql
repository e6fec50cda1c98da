-- breaking: no
-- What receivers report about domains: DMARC aggregate reports, DMARC failure reports, TLS reports; their counts by day and source, the names of sources, the weekly digest.

create table domain_reports (
  -- Null: it is about a domain of nobody here.
  tenant_id uuid references tenants,
  id uuid primary key,
  kind text not null check (kind in ('aggregate', 'failure', 'tlsrpt')),
  -- quarantined: it does not count, and why. forged: the mail does not prove that it comes from the reporter. conflict: another report with this key came first.
  state text not null check (state in ('counted', 'quarantined', 'forged', 'conflict')),
  why text,
  -- As names are compared; null: it names none.
  domain text,
  -- The tenant's domain it counts for: this one or one above it.
  domain_id uuid references sending_domains on delete set null,
  org_name text,
  org_email text,
  report_id text,
  -- SHA-256 of reporter, report id and domain; of everything it says.
  key bytea not null,
  digest bytea not null,
  begin_at timestamptz,
  end_at timestamptz,
  policy jsonb,
  records integer not null,
  -- Messages of an aggregate report, sessions of a TLS report.
  total bigint not null,
  passed bigint not null,
  -- False: its records were not kept, so it can never count.
  records_kept boolean not null default true,
  source text not null check (source in ('mail', 'mailbox', 'upload')),
  inbound_mail_id uuid,
  -- Domain of From of the mail, and whether the mail proves it: pass, fail, none, unreachable; uploaded: somebody who is known handed it in.
  submitter text,
  authentication text not null,
  warnings jsonb not null default '[]',
  detail jsonb not null default '{}',
  -- How often it came again, word for word; the report it contradicts.
  duplicates integer not null default 0,
  conflict_of uuid,
  stored_at timestamptz not null default now()
);
-- What is not proven must not take the place of what is.
create unique index domain_reports_key on domain_reports (tenant_id, key) nulls not distinct where state in ('counted', 'quarantined');
create unique index domain_reports_same on domain_reports (tenant_id, key, digest) nulls not distinct where state in ('forged', 'conflict');
create index domain_reports_tenant on domain_reports (tenant_id, id);
create index domain_reports_domain on domain_reports (tenant_id, domain, id);
create index domain_reports_counted on domain_reports (domain_id, kind, end_at) where state = 'counted';
create index domain_reports_waiting on domain_reports (domain, id) where state = 'quarantined' and why = 'domain-unverified';
create index domain_reports_age on domain_reports (stored_at);
create index if not exists sending_domains_name on sending_domains (name);

-- Everything about a record but address and count: a few hundred kinds serve a million records. The id is a digest of the rest.
create table domain_report_traces (
  tenant_id uuid,
  id uuid not null,
  header_from text,
  dkim_domain text,
  dkim_selector text,
  dkim_result text not null,
  dkim_aligned boolean not null,
  spf_domain text,
  spf_result text not null,
  spf_aligned boolean not null,
  disposition text not null,
  -- Why the receiver did otherwise than the policy says: types, and "arc" where its comment says arc=pass.
  reasons text not null,
  unique nulls not distinct (tenant_id, id)
);
create table domain_report_records (
  tenant_id uuid,
  report_id uuid not null,
  line integer not null,
  -- "::" where the reporter named none.
  ip inet not null,
  trace uuid not null,
  messages bigint not null,
  primary key (report_id, line)
);

-- Counted messages by the day of the reports, whole domain and by source; months are kept summed up beside the days, so that a year is read in a few rows.
create table dmarc_days (
  tenant_id uuid not null,
  domain_id uuid not null,
  day date not null,
  messages bigint not null,
  aligned bigint not null,
  primary key (tenant_id, domain_id, day)
);
create table dmarc_sources (
  tenant_id uuid not null,
  domain_id uuid not null,
  monthly boolean not null,
  -- The first of the month where it is a month.
  day date not null,
  ip inet not null,
  trace uuid not null,
  messages bigint not null,
  primary key (tenant_id, domain_id, monthly, day, ip, trace)
);

-- Report mails that wait to be read; small reports of one mailbox must not wait behind a large one of another.
create table report_queue (
  id uuid primary key,
  due_at timestamptz not null default now(),
  tries integer not null default 0,
  error text
);
create index report_queue_due on report_queue (due_at);

-- Names of addresses that reports name; a name counts only when it leads back to the address.
create table ip_names (
  ip inet primary key,
  name text,
  due_at timestamptz not null default now(),
  tries integer not null default 0,
  looked_at timestamptz
);
create index ip_names_due on ip_names (due_at);

create table report_digests (
  tenant_id uuid primary key references tenants,
  enabled boolean not null default true,
  -- Monday of the last week that was told.
  week date
);

do $$
declare
  scoped text;
begin
  if not exists (select from pg_roles where rolname = 'packetboat_tenant') then
    return;
  end if;
  foreach scoped in array array['domain_reports', 'domain_report_traces', 'domain_report_records', 'dmarc_days', 'dmarc_sources', 'report_digests'] loop
    execute format('alter table %I enable row level security', scoped);
    execute format('create policy tenant_only on %I to packetboat_tenant using (tenant_id = nullif(current_setting(''packetboat.tenant'', true), '''')::uuid)', scoped);
    execute format('grant select on %I to packetboat_tenant', scoped);
  end loop;
  grant insert, update on report_digests to packetboat_tenant;
  -- Public knowledge, the same for everybody.
  grant select on ip_names to packetboat_tenant;
end $$;
