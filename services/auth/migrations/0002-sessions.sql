-- A session is a refresh family: a chain of tokens of which only the last one is good.

create table session (
  id bytea primary key check (octet_length(id) = 16),
  account bytea not null references account (id) on delete cascade,
  device bytea not null references device (id) on delete cascade,
  created_at int8 not null,
  ended_at int8
);

create index session_device on session (device) where ended_at is null;
create index session_account on session (account) where ended_at is null;

create table refresh_token (
  -- SHA-256 of 256 random bits
  hash bytea primary key check (octet_length(hash) = 32),
  session bytea not null references session (id) on delete cascade,
  created_at int8 not null,
  expires_at int8 not null,
  used_at int8
);

create index refresh_token_session on refresh_token (session);

-- What ended, for the chat service. Rows are written under one lock, so that ids become visible in their order.
create table revocation (
  id int8 generated always as identity primary key,
  kind text not null check (kind in ('session-ended', 'device-revoked', 'account-disabled')),
  account bytea not null check (octet_length(account) = 16),
  device bytea check (octet_length(device) = 16),
  at int8 not null,
  statement bytea
);
