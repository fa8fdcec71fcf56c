-- The conversation log. Every table is keyed by conversation, account or device first, so that it can be distributed.

-- Where a log stands. Narrow, half empty and without an index on what changes, so that every advance stays in its page.
create table head (
  conversation uuid primary key,
  generation   int4 not null,
  epoch        int8 not null,
  seq          int8 not null,
  chain        bytea not null check (length(chain) = 32),
  -- a removal is asked for and not yet committed: nobody sends before it is
  pending      boolean not null default false
) with (fillfactor = 50);

create table entry (
  conversation uuid not null,
  seq          int8 not null,
  generation   int4 not null,
  epoch        int8 not null,
  kind         int2 not null,
  device       uuid not null,
  counter      int8 not null,
  at           int8 not null,
  mls          bytea not null,
  body         bytea not null,
  -- set when the body was deleted
  body_hash    bytea check (length(body_hash) = 32),
  primary key (conversation, seq),
  unique (conversation, device, counter)
) partition by hash (conversation);

do $$
begin
  for part in 0..7 loop
    execute format('create table entry_%s partition of entry for values with (modulus 8, remainder %s)', part, part);
    -- ciphertext does not compress
    execute format('alter table entry_%s alter mls set storage external, alter body set storage external', part);
    execute format('alter table entry_%s set (autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 2000)', part);
  end loop;
end $$;

-- What changes with commits only. roster: group-policy's storage form; group_info: of the current epoch.
create table conversation (
  id         uuid primary key,
  kind       int2 not null,
  suite      int4 not null,
  roster     bytea not null,
  group_info bytea not null,
  created_at int8 not null
);
alter table conversation alter roster set storage external, alter group_info set storage external;

-- When an account may read: from the commit that let it in to the one that let it out, both inclusive.
create table membership (
  account      uuid not null,
  conversation uuid not null,
  from_seq     int8 not null,
  until_seq    int8,
  primary key (account, conversation, from_seq)
);
create unique index membership_open on membership (conversation, account) where until_seq is null;

create table leaf (
  device       uuid not null,
  conversation uuid not null,
  account      uuid not null,
  primary key (device, conversation)
);

-- One direct conversation per pair; low < high.
create table direct (
  low          uuid not null,
  high         uuid not null,
  conversation uuid not null,
  primary key (low, high)
);

create table welcome (
  device       uuid not null,
  conversation uuid not null,
  generation   int4 not null,
  epoch        int8 not null,
  seq          int8 not null,
  chain        bytea not null,
  welcome      bytea not null,
  at           int8 not null,
  primary key (device, conversation, generation, epoch)
);
alter table welcome alter welcome set storage external;
