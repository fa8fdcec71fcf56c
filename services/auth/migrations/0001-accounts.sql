-- Accounts, their devices and pictures. Ids are 16 random bytes; times are milliseconds since 1970.

create table account (
  id bytea primary key check (octet_length(id) = 16),
  user_name text not null unique check (char_length(user_name) <= 32),
  role text not null default 'user' check (role in ('user', 'admin')),
  display_name text not null,
  status_text text not null default '',
  account_key bytea not null check (octet_length(account_key) = 32),
  opaque_record bytea not null,
  vault bytea not null,
  -- HMAC-SHA256 of what the recovery key derives for logging in
  recovery_hash bytea not null check (octet_length(recovery_hash) = 32),
  picture_hash bytea check (octet_length(picture_hash) = 32),
  -- logins proven before this time may no longer enrol a device or set a password, except the one named
  logins_from int8 not null default 0,
  logins_kept text,
  created_at int8 not null,
  disabled_at int8
);

create index account_admins on account (id) where role = 'admin';

create table device (
  id bytea primary key check (octet_length(id) = 16),
  account bytea not null references account (id) on delete cascade,
  device_key bytea not null check (octet_length(device_key) = 32),
  certificate bytea not null,
  name text not null,
  created_at int8 not null,
  last_seen_at int8 not null,
  revoked_at int8
);

create index device_account on device (account);

create table picture (
  account bytea primary key references account (id) on delete cascade,
  content_type text not null check (content_type in ('image/jpeg', 'image/png', 'image/webp')),
  bytes bytea not null
);
