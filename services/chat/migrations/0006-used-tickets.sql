-- Which tickets opened or renewed a socket, while they live: one ticket lets in once, on whichever process, whether or not
-- the cache answers. Unlogged, because what a crash of the database forgets is over half a minute later.
create unlogged table used_ticket (
  id    text primary key,
  until int8 not null
);
