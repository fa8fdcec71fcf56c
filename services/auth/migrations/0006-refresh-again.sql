-- How often the successor of this token was replaced, because the answer that carried it never arrived.
alter table refresh_token add column replaced int4 not null default 0;
