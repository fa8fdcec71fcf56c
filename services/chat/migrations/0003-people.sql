-- What belongs to accounts and devices.

create table receipt (
  conversation uuid not null,
  account      uuid not null,
  delivered    int8 not null,
  read         int8 not null,
  changed_at   int8 not null,
  primary key (conversation, account)
) with (fillfactor = 70);

-- An account's sealed note about a conversation.
create table card (
  account      uuid not null,
  conversation uuid not null,
  version      int8 not null,
  card         bytea not null,
  changed_at   int8 not null,
  primary key (account, conversation)
);

-- One row per direction: how `account` stands to `other`. state: 0 outgoing, 1 incoming, 2 accepted, 3 blocked.
create table contact (
  account uuid not null,
  other   uuid not null,
  state   int2 not null,
  since   int8 not null,
  primary key (account, other)
);

-- Rises with every change of an account's contacts.
create table contact_version (
  account uuid primary key,
  version int8 not null
);

-- A device is known from the moment it can be written to.
create table device (
  device      uuid primary key,
  account     uuid not null,
  device_key  bytea not null,
  revoked     boolean not null default false
);
create index device_of_account on device (account);

create table key_package (
  device      uuid not null,
  suite       int4 not null,
  ref         bytea not null,
  last_resort boolean not null,
  not_after   int8 not null,
  key_package bytea not null,
  primary key (device, suite, ref)
);
create unique index key_package_last_resort on key_package (device, suite) where last_resort;
alter table key_package alter key_package set storage external;

-- What the auth service said ended, as far as it was acted on; rows older than any token are forgotten.
create table revocation (
  id      int8 primary key,
  kind    text not null,
  account uuid not null,
  device  uuid,
  at      int8 not null
);
create table revocation_cursor (
  one boolean primary key default true check (one),
  id  int8 not null
);
insert into revocation_cursor (id) values (0);
