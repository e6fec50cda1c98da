-- breaking: no
-- Answers that wait are taken in the order of their time: without an index each look walks through all of a backlog, and gets slower as that grows.

create index webhook_queue_due on webhook_queue (due_at);
create index inbound_queue_due on inbound_queue (due_at);

-- Keys that expire lie in the order in which they came: a summary per stretch is enough, and costs nothing per key.
create index idempotency_keys_expiry on idempotency_keys using brin (expires_at) with (pages_per_range = 32, autosummarize = on);
create index provider_event_keys_expiry on provider_event_keys using brin (expires_at) with (pages_per_range = 32, autosummarize = on);
