-- breaking: yes
-- DKIM keys live through states, so that a domain changes its key without a moment in which its mail does not verify; and a key's place may be a
-- name of ours that the customer's own name points at (CNAME). An older binary would sign with keys that nobody can see yet.

alter table sending_domains
  -- Short number for the names of delegated keys: two domains of one organisation never share one.
  add column number integer generated always as identity unique,
  -- Sign a second time with Ed25519 (RFC 8463).
  add column ed25519 boolean not null default false;

alter table dkim_keys
  -- new: made, not seen yet · published: seen at every authoritative server · active: signs · retiring: signs no more, its record stays for mail
  -- on its way · revoked: its record has an empty p=, its private half is gone
  add column state text not null default 'new' check (state in ('new', 'published', 'active', 'retiring', 'revoked')),
  add column state_since timestamptz not null default now(),
  -- The name in our zone that <selector>._domainkey.<domain> points at; null: the customer publishes the key itself.
  add column target text,
  -- The last look at DNS: when, what the record's TTL was where it was right, else what is wrong.
  add column checked_at timestamptz,
  add column seen_ttl_s integer,
  add column trouble text,
  -- When the desk looks at it again by itself.
  add column due_at timestamptz not null default now(),
  alter column private_key drop not null;

-- An operator has vouched for the record of these; the others wait to be seen.
update dkim_keys k set state = 'active', state_since = k.created_at
  from sending_domains d where d.id = k.domain_id and d.authenticated and k.active;

alter table dkim_keys drop column active, drop constraint dkim_keys_domain_id_selector_key;
-- A selector may come again once its key is revoked: delegated keys take turns in two places.
create unique index dkim_keys_selector on dkim_keys (domain_id, selector) where state <> 'revoked';
-- One key signs, and one at most is on its way to replace it.
create unique index dkim_keys_active on dkim_keys (domain_id, algorithm) where state = 'active';
create unique index dkim_keys_coming on dkim_keys (domain_id, algorithm) where state in ('new', 'published');
create index dkim_keys_due on dkim_keys (due_at) where state in ('new', 'published', 'retiring');
create index dkim_keys_age on dkim_keys (state_since) where state = 'active';
