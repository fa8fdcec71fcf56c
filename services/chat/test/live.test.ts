import { encodeToEphemeral, decodeFromEphemeral, limits, toServer, type Receipt } from '@brieftaube/protocol'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  befriend,
  call,
  connect,
  contact,
  createPerson,
  foundGroup,
  sealed,
  send,
  type Person,
  type Seat,
} from './test-people.ts'
import { startTestChat, type TestChat } from './test-server.ts'
import type { TestSocket } from './test-socket.ts'

let chat: TestChat
let alice: Person
let bob: Person
let stranger: Person
let a: Seat
beforeAll(async () => {
  chat = await startTestChat()
  ;[alice, bob, stranger] = await Promise.all([createPerson(chat), createPerson(chat), createPerson(chat)])
  await befriend(alice, bob)
  const [seat] = await foundGroup(alice, [bob])
  if (seat === undefined) throw new Error('no seat')
  a = seat
})
afterAll(() => chat.close())

const typing = (seat: Seat) =>
  encodeToEphemeral({
    conversation: seat.conversation,
    generation: 0,
    epoch: 1,
    sealed: Uint8Array.of(1, 2, 3),
  })

test('receipts rise, never fall, never pass the head, and reach the members at once and by sync', async () => {
  const [from, to] = [await connect(bob), await connect(alice)]
  const { seq } = await send(to, await sealed(a, 'read me'))
  from.emit(toServer.receipt, { conversation: a.conversation, delivered: seq, read: 1 })
  const own = (): Receipt[] =>
    to.of('receipts').flatMap((event) => (event as { receipts: Receipt[] }).receipts)
  await expect
    .poll(own)
    .toEqual([{ conversation: a.conversation, account: bob.account, delivered: seq, read: 1 }])
  from.emit(toServer.receipt, { conversation: a.conversation, delivered: 1, read: 1 })
  from.emit(toServer.receipt, { conversation: a.conversation, read: 999 })
  await expect.poll(() => own().length).toBe(2)
  const synced = async (since: number) =>
    (await call(chat, 'POST', '/api/chat/sync', { as: alice, body: { since, cursors: [] } })).json
  const first = await synced(0)
  expect(first.receipts).toEqual([
    { conversation: a.conversation, account: bob.account, delivered: seq, read: seq },
  ])
  expect((await synced(Date.now() + 60_000)).receipts).toEqual([])
  from.close()
  to.close()
})

test('typing reaches only members whose screen shows the conversation', async () => {
  const [from, open, closed, other] = [
    await connect(alice),
    await connect(bob),
    await connect(bob),
    await connect(stranger),
  ]
  open.emit(toServer.openConversation, { conversation: a.conversation })
  other.emit(toServer.openConversation, { conversation: a.conversation })
  await expect.poll(() => other.of('refused')).toMatchObject([{ code: 'not-found' }])
  from.emit(toServer.ephemeral, typing(a))
  await expect.poll(() => open.of('ephemeral')).toHaveLength(1)
  const heard = decodeFromEphemeral(open.of('ephemeral')[0] as Uint8Array)
  expect(heard).toMatchObject({ device: alice.device, conversation: a.conversation, epoch: 1 })
  other.emit(toServer.ephemeral, typing(a))
  await expect.poll(() => other.of('refused')).toHaveLength(2)
  open.emit(toServer.openConversation, { conversation: null })
  await open.ask(toServer.watchPresence, { accounts: [] })
  from.emit(toServer.ephemeral, typing(a))
  await from.ask(toServer.watchPresence, { accounts: [] })
  expect(closed.of('ephemeral')).toEqual([])
  expect(open.of('ephemeral')).toHaveLength(1)
  for (const socket of [from, open, closed, other]) socket.close()
})

describe.concurrent('presence', () => {
  async function friends(): Promise<[Person, Person]> {
    const [carla, dora] = [await createPerson(chat), await createPerson(chat)]
    await befriend(carla, dora)
    return [carla, dora]
  }
  const seenBy = (watcher: TestSocket) =>
    watcher
      .of('presence')
      .flatMap((event) => (event as { presence: { account: string; online: boolean }[] }).presence)

  test(
    'it is shown to accepted contacts only, survives a reload and ends with a block',
    { timeout: 60_000 },
    async () => {
      const [carla, dora] = await friends()
      const watcher = await connect(carla)
      watcher.emit(toServer.watchPresence, { accounts: [dora.account, stranger.account] })
      await expect.poll(() => seenBy(watcher)).toEqual([{ account: dora.account, online: false }])
      const first = await connect(dora)
      await expect
        .poll(() => seenBy(watcher).at(-1), { timeout: 5000 })
        .toEqual({ account: dora.account, online: true })
      const count = seenBy(watcher).length
      first.close()
      const second = await connect(dora)
      await sleep(2 * limits.presenceBatchMs)
      expect(
        seenBy(watcher)
          .slice(count)
          .filter((each) => !each.online),
      ).toEqual([])
      expect((await contact(dora, carla, 'block')).status).toBe(200)
      await sleep(300)
      const known = seenBy(watcher).length
      second.close()
      await sleep(limits.presenceOfflineAfterMs + 2 * limits.presenceBatchMs)
      expect(seenBy(watcher).slice(known)).toEqual([])
      watcher.close()
    },
  )

  test('an account goes offline only after a while', { timeout: 60_000 }, async () => {
    const [carla, dora] = await friends()
    const [watcher, one] = [await connect(carla), await connect(dora)]
    watcher.emit(toServer.watchPresence, { accounts: [dora.account] })
    await expect.poll(() => seenBy(watcher)).toEqual([{ account: dora.account, online: true }])
    one.close()
    const started = Date.now()
    const last = () => seenBy(watcher).at(-1)?.online
    await expect.poll(last, { timeout: limits.presenceOfflineAfterMs + 15_000, interval: 100 }).toBe(false)
    expect(Date.now() - started).toBeGreaterThan(limits.presenceOfflineAfterMs - 1000)
    watcher.close()
  })
})
