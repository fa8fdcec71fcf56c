-- The chain of digests, folded where the sequence number is known.
create function fold_step(state bytea, before bytea, seq int8, digest bytea) returns bytea
language plpgsql immutable parallel safe as $$
begin
  return sha256(coalesce(state, before) || int8send(seq) || digest);
end $$;

create aggregate fold_chain(bytea, int8, bytea) (sfunc = fold_step, stype = bytea);

-- Appends a batch of messages; the arrays run in parallel and the answers have their order.
-- status 0 stored now · 1 no such conversation · 2 stored before, same bytes · 3 the id names other bytes
--        4 another generation or epoch · 5 a removal must be committed first
-- seq, at: of the stored entry (0, 2), else of the head. Under READ COMMITTED the second statement sees what the first
-- waited for; one statement alone would judge by a snapshot older than its locks. The locks are taken in one order.
--
-- The plan must be index lookups whatever the statistics say: on a table that was empty when the plan was made, a join
-- becomes a scan of every partition for every row. So heads and earlier entries are found by correlated subqueries, whose
-- conditions can only be index conditions, and heads advance by `on conflict`, which has no plan to choose.
create function append_messages(
  conversations uuid[], generations int4[], epochs int8[], devices uuid[], counters int8[], ats int8[],
  digests bytea[], mlss bytea[], bodies bytea[],
  out statuses int4[], out seqs int8[], out stored_ats int8[], out head_generations int4[], out head_epochs int8[]
) language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
set plan_cache_mode = force_generic_plan
as $$
begin
  perform from head h where h.conversation = any (conversations) order by h.conversation for no key update;

  with found as materialized (
    select i.*,
      (select h from head h where h.conversation = i.conversation) as head,
      -- seq, at, and whether it is the same message
      (select array[e.seq, e.at, (
          e.generation = i.generation and e.epoch = i.epoch and e.kind = 0 and e.mls = i.mls
          and case when e.body_hash is null then e.body = i.body else e.body_hash = sha256(i.body) end
        )::int4]
        from entry e
        where e.conversation = i.conversation and e.device = i.device and e.counter = i.counter) as old
    from unnest(conversations, generations, epochs, devices, counters, ats, digests, mlss, bodies)
      with ordinality as i(conversation, generation, epoch, device, counter, at, digest, mls, body, n)
  ), judged as (
    select f.*, (f.head).generation as head_generation, (f.head).epoch as head_epoch, (f.head).seq as head_seq,
      case
        when (f.head).conversation is null then 1
        when f.old is not null then case f.old[3] when 1 then 2 else 3 end
        when (f.head).generation <> f.generation or (f.head).epoch <> f.epoch then 4
        when (f.head).pending then 5
        else 0
      end as status
    from found f
  ), placed as materialized (
    select j.*,
      j.head_seq + count(*) filter (where j.status = 0) over (partition by j.conversation order by j.n rows unbounded preceding) as new_seq
    from judged j
  ), stored as (
    insert into entry (conversation, seq, generation, epoch, kind, device, counter, at, mls, body)
    select p.conversation, p.new_seq, p.generation, p.epoch, 0, p.device, p.counter, p.at, p.mls, p.body
    from placed p where p.status = 0
  ), advanced as (
    insert into head as h (conversation, generation, epoch, seq, chain)
    select p.conversation, p.generation, p.epoch, max(p.new_seq),
      fold_chain((p.head).chain, p.new_seq, p.digest order by p.new_seq)
    from placed p where p.status = 0
    group by p.conversation, p.generation, p.epoch
    on conflict (conversation) do update set seq = excluded.seq, chain = excluded.chain
  )
  select array_agg(p.status order by p.n),
    array_agg(case p.status when 0 then p.new_seq when 2 then p.old[1] else coalesce(p.head_seq, 0) end order by p.n),
    array_agg(case p.status when 0 then p.at when 2 then p.old[2] else 0 end order by p.n),
    array_agg(coalesce(p.head_generation, 0) order by p.n),
    array_agg(coalesce(p.head_epoch, 0) order by p.n)
  into statuses, seqs, stored_ats, head_generations, head_epochs
  from placed p;
end $$;
