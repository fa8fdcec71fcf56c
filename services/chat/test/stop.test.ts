import { startMemoryCache, startTestDatabase } from '@brieftaube/service-kit'
import { encodeAppend, toServer, type ProtocolError } from '@brieftaube/protocol'
import { expect, test } from 'vitest'
import { sayGoodbye } from '../src/socket/goodbye.ts'
import type { Session } from '../src/socket/session.ts'
import { createSessions } from '../src/socket/sessions.ts'
import { call, connect, createPerson, foundGroup, readLog, sealed, send } from './test-people.ts'
import { startTestChat } from './test-server.ts'
import { closed } from './test-socket.ts'

test('a stop answers what was taken, says goodbye and loses nothing', { timeout: 60_000 }, async () => {
  await using database = await startTestDatabase()
  await using cache = startMemoryCache()
  const chat = await startTestChat({ database, cache })
  const alice = await createPerson(chat)
  const [a] = await foundGroup(alice, [])
  if (a === undefined) throw new Error('seat')
  const socket = await connect(alice)
  const message = await sealed(a, 'until the end')
  await send(socket, message)
  for (let n = 0; n < 500; n++) socket.emit(toServer.append, encodeAppend({ ...message, counter: 1000 + n }))
  await expect.poll(() => socket.appended.length).toBeGreaterThan(1)
  const started = Date.now()
  await chat.close()
  expect(Date.now() - started).toBeLessThan(25_000)
  await closed(socket)
  expect(socket.of('refused')).toMatchObject([{ code: 'unavailable' }])
  const stored = socket.appended.filter((answer) => answer.error === undefined)
  for (const answer of socket.appended) expect([undefined, 'busy']).toContain(answer.error)

  const again = await startTestChat({ database, cache })
  const seqs = (await readLog({ ...alice, chat: again }, a.conversation, 'after=0&limit=200')).map(
    (entry) => entry.seq,
  )
  expect(seqs).toEqual(Array.from({ length: Math.min(200, stored.length) }, (_, index) => index + 1))
  const { json } = await call(again, 'POST', '/api/chat/sync', { as: alice, body: { since: 0, cursors: [] } })
  expect(json.conversations).toMatchObject([{ seq: stored.length }])
  await again.close()
})

test('a connection to the database that dies mid-way costs no message', { timeout: 60_000 }, async () => {
  const chat = await startTestChat()
  const alice = await createPerson(chat)
  const [a] = await foundGroup(alice, [])
  if (a === undefined) throw new Error('seat')
  const socket = await connect(alice)
  const message = await sealed(a, 'through it all')
  for (let n = 0; n < 300; n++) {
    socket.emit(toServer.append, encodeAppend({ ...message, counter: 1000 + n }))
    if (n % 60 === 0) {
      await chat.owner
        .query(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'brieftaube-chat' and pid <> pg_backend_pid()",
        )
        .catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  await expect.poll(() => socket.appended.length, { timeout: 30_000 }).toBe(300)
  expect(socket.appended.filter((answer) => answer.error !== undefined)).toEqual([])
  expect(socket.appended.map((answer) => answer.seq).sort((x, y) => x - y)).toEqual(
    Array.from({ length: 300 }, (_, index) => index + 1),
  )
  socket.close()
  await chat.close()
})

test('a full house is told to come back over eight seconds, not all at once', () => {
  const waits: number[] = []
  const close = (reason?: ProtocolError) => waits.push(reason?.retryAfterMs ?? Number.NaN)
  const all = Array.from({ length: 5000 }, () => ({ close }) as unknown as Session)
  sayGoodbye({ ...createSessions(), all: () => all, size: all.length })
  expect(Math.max(...waits)).toBeLessThan(8000)
  const perSecond = Array.from({ length: 8 }, (_, second) =>
    waits.filter((wait) => Math.floor(wait / 1000) === second),
  )
  for (const returns of perSecond) expect(returns.length).toBeLessThan(800)
})
