-- breaking: no
-- What happened to one thing is looked up by its id, newest first.

create index audit_log_subject on audit_log (subject, id);
