-- When the last backup was finished, for metrics and for whoever looks after the server.
create table backup (
  one   boolean primary key default true check (one),
  at    int8 not null,
  bytes int8 not null
);
