-- The usual batch: nothing in it was stored before, and every message names the present state of its group. It is written
-- without looking for earlier entries, which saves half the work; a repetition breaks the unique key, and then nothing of
-- the batch is written. `fresh` false: some message does not fit, nothing was written. In both cases `append_messages`
-- judges the batch anew.
--
-- One statement is enough here: the locked rows are the newest ones, whatever the snapshot, and the unique key does not
-- go by snapshots either. The locks are taken in the same order as there.
create function append_fresh(
  conversations uuid[], generations int4[], epochs int8[], devices uuid[], counters int8[], ats int8[],
  digests bytea[], mlss bytea[], bodies bytea[],
  out fresh boolean, out seqs int8[]
) language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
set plan_cache_mode = force_generic_plan
as $$
begin
  with locked as materialized (
    select h.conversation, h.generation, h.epoch, h.seq, h.chain, h.pending
    from head h where h.conversation = any (conversations) order by h.conversation for no key update
  ), placed as materialized (
    select i.*, l.seq + row_number() over (partition by i.conversation order by i.n) as seq, l.chain,
      l.generation = i.generation and l.epoch = i.epoch and not l.pending as fits
    from unnest(conversations, generations, epochs, devices, counters, ats, digests, mlss, bodies)
      with ordinality as i(conversation, generation, epoch, device, counter, at, digest, mls, body, n)
    left join locked l on l.conversation = i.conversation
  ), outcome as materialized (
    select bool_and(coalesce(p.fits, false)) as fresh, array_agg(p.seq order by p.n) as seqs from placed p
  ), stored as (
    insert into entry (conversation, seq, generation, epoch, kind, device, counter, at, mls, body)
    select p.conversation, p.seq, p.generation, p.epoch, 0, p.device, p.counter, p.at, p.mls, p.body
    from placed p where (select o.fresh from outcome o)
  ), advanced as (
    insert into head as h (conversation, generation, epoch, seq, chain)
    select p.conversation, p.generation, p.epoch, max(p.seq), fold_chain(p.chain, p.seq, p.digest order by p.seq)
    from placed p where (select o.fresh from outcome o)
    group by p.conversation, p.generation, p.epoch
    on conflict (conversation) do update set seq = excluded.seq, chain = excluded.chain
  )
  select o.fresh, o.seqs into fresh, seqs from outcome o;
end $$;
