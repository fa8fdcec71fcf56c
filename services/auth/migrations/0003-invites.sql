-- Invitations: found by their hash; the code is kept sealed, only for the administrator's list.

create table invite (
  hash bytea primary key check (octet_length(hash) = 32),
  sealed_code bytea not null,
  role text not null default 'user' check (role in ('user', 'admin')),
  uses_left int not null check (uses_left >= 0),
  expires_at int8 not null,
  created_at int8 not null
);
