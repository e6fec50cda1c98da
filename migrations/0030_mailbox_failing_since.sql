-- breaking: no
-- Since when a bounce mailbox cannot be read: one that fails for a while needs a person.

alter table mailboxes add column failing_since timestamptz;
update mailboxes set failing_since = last_error_at where last_error is not null;
