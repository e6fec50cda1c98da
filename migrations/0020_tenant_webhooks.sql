-- breaking: no
-- Deliveries are taken endpoint by endpoint, so a million that wait for a slow one cost the others nothing; removing an endpoint finds its rows.

create index webhook_deliveries_endpoint on webhook_deliveries (endpoint_id, state, due_at);
drop index webhook_deliveries_due;
