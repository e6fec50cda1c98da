-- breaking: no
-- Sending domains are looked at in the DNS: what was found, since when it stands, when it is looked at again, and whom a warning reaches.

alter table tenants
  -- Where the desk writes to when something of this organisation needs care; null: nowhere.
  add column contact_email text check (length(contact_email) between 3 and 320),
  -- In which language.
  add column language text not null default 'en' check (language in ('en', 'de'));

alter table sending_domains
  -- Published in the DNS it shows that the domain is this organisation's. It tells nothing about anybody.
  add column ownership_token text not null default replace(gen_random_uuid()::text, '-', ''),
  -- An operator says that the domain may be used, and that receivers can prove it; checks never take that back.
  add column vouched boolean not null default false,
  add column vouched_authenticated boolean not null default false,
  add column state_since timestamptz not null default now(),
  -- When every required record was seen for the first time.
  add column proven_at timestamptz,
  -- A required record is wrong: from then on the domain is broken.
  add column breaks_at timestamptz,
  add column checked_at timestamptz,
  -- Null: nobody looks by itself any more; check_note says why.
  add column next_check_at timestamptz default now() + interval '2 minutes',
  add column check_note text,
  -- Somebody began to publish records then: looks are frequent at first and become rare.
  add column check_from timestamptz not null default now(),
  -- A person asked for a look.
  add column asked_at timestamptz,
  -- Looks in a row at which the DNS did not answer.
  add column unreachable_checks integer not null default 0,
  -- What was found, by id of the record.
  add column sights jsonb not null default '{}',
  -- What else the DNS says: {"nameservers": [], "spf": [], "dmarc": [], "mx": []}.
  add column surroundings jsonb not null default '{}',
  -- The domain's own return-path host while its record is right.
  add column return_path_host text;

-- What was usable before was vouched for: there was no other way.
update sending_domains set vouched = authenticated or state <> 'pending', vouched_authenticated = authenticated,
  state_since = created_at, next_check_at = now() + random() * interval '1 day';

create index sending_domains_due on sending_domains (next_check_at) where next_check_at is not null;
create index sending_domains_return_path on sending_domains (tenant_id) where return_path_host is not null;
create index sending_domains_state on sending_domains (state, id) where state in ('warning', 'broken');
