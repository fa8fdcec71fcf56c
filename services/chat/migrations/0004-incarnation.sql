-- Which life of the log this is. A restored backup gets another one, so that clients compare what they have with what is
-- there: their cursors may be ahead of it, and other entries may come to stand under the same numbers.
create table incarnation (
  one   boolean primary key default true check (one),
  id    uuid not null default gen_random_uuid(),
  since timestamptz not null default now()
);
insert into incarnation default values;
