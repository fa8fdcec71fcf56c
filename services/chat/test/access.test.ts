import {
  chatRoutes,
  encodeAppend,
  encodeCommitBundle,
  encodeToEphemeral,
  toServer,
  type Route,
} from '@brieftaube/protocol'
import { badTokens } from '../../../packages/testkit/src/bad-tokens.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  befriend,
  call,
  commit,
  commitOf,
  connect,
  createPerson,
  foundGroup,
  leaveStatement,
  prepareCreation,
  sealed,
  send,
  type Person,
  type Seat,
} from './test-people.ts'
import { accessToken, signingKey, startTestChat, type TestChat } from './test-server.ts'

let chat: TestChat
let owner: Person
let member: Person
let exMember: Person
let stranger: Person
let ownerSeat: Seat
let memberSeat: Seat
let exSeat: Seat

beforeAll(async () => {
  chat = await startTestChat()
  ;[owner, member, exMember, stranger] = await Promise.all([
    createPerson(chat),
    createPerson(chat),
    createPerson(chat),
    createPerson(chat),
  ])
  await befriend(owner, member)
  await befriend(owner, exMember)
  const [a, b, c] = await foundGroup(owner, [member, exMember])
  if (a === undefined || b === undefined || c === undefined) throw new Error('seats')
  ;[ownerSeat, memberSeat, exSeat] = [a, b, c]
  expect((await commit(ownerSeat, { removes: [exSeat.state.ownLeaf] })).status).toBe(200)
})
afterAll(() => chat.close())

const roles = ['owner', 'member', 'exMember', 'stranger', 'anonymous'] as const
type Role = (typeof roles)[number]
const personOf = (role: Role): Person | undefined =>
  ({ owner, member, exMember, stranger, anonymous: undefined })[role]

interface Attempt {
  readonly path: string
  readonly body?: unknown
  readonly bytes?: Uint8Array
  /** Statuses for owner, member, ex-member, stranger. Anonymous always gets 401. */
  readonly expected: readonly [number, number, number, number]
}

/** One attempt per route, on the one conversation: a route that is missing here does not compile. */
const attempts: { readonly [Name in keyof typeof chatRoutes]: () => Promise<Attempt> } = {
  conversationCreate: async () => ({
    path: '/api/chat/conversations',
    // an id that exists, and a group that somebody else founded
    bytes: (await prepareCreation(stranger, [], { conversation: ownerSeat.conversation, kind: 'group' }))
      .bytes,
    expected: [422, 422, 422, 409],
  }),
  conversationReset: async () => ({
    path: `/api/chat/conversations/${ownerSeat.conversation}/resets`,
    bytes: (
      await prepareCreation(stranger, [], {
        conversation: ownerSeat.conversation,
        kind: 'group',
        generation: 1,
      })
    ).bytes,
    expected: [422, 422, 404, 404],
  }),
  commitAppend: async () => ({
    path: `/api/chat/conversations/${ownerSeat.conversation}/commits`,
    bytes: encodeCommitBundle((await commitOf(exSeat, {})).bundle),
    expected: [409, 409, 404, 404],
  }),
  directConversation: async () => ({
    path: `/api/chat/direct/${owner.account}`,
    expected: [200, 200, 200, 200],
  }),
  conversationLeave: async () => ({
    path: `/api/chat/conversations/${ownerSeat.conversation}/leave`,
    body: { statement: leaveStatement(exSeat) },
    expected: [403, 403, 404, 404],
  }),
  cardSet: async () => ({
    path: `/api/chat/conversations/${ownerSeat.conversation}/card`,
    body: { version: 7, card: 'AAAA' },
    // a card is the account's own: who was a member keeps it
    expected: [409, 409, 409, 404],
  }),
  logPage: async () => ({
    path: `/api/chat/conversations/${ownerSeat.conversation}/log?after=0`,
    expected: [200, 200, 200, 404],
  }),
  groupInfo: async () => ({
    path: `/api/chat/conversations/${ownerSeat.conversation}/group-info`,
    expected: [200, 200, 404, 404],
  }),
  welcomeList: async () => ({ path: '/api/chat/welcomes', expected: [200, 200, 200, 200] }),
  welcomeTaken: async () => ({
    path: `/api/chat/welcomes/${ownerSeat.conversation}?generation=0&epoch=1`,
    expected: [204, 204, 204, 204],
  }),
  keyPackageUpload: async () => ({
    path: '/api/chat/key-packages',
    bytes: Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0),
    expected: [200, 200, 200, 200],
  }),
  keyPackageClaim: async () => ({
    path: '/api/chat/key-packages/claim',
    body: { accounts: [owner.account], suite: 1 },
    expected: [200, 200, 200, 403],
  }),
  contactList: async () => ({ path: '/api/chat/contacts', expected: [200, 200, 200, 200] }),
  contactChange: async () => ({
    path: `/api/chat/contacts/${owner.account}`,
    body: { action: 'decline' },
    expected: [400, 409, 409, 409],
  }),
  sync: async () => ({
    path: '/api/chat/sync',
    body: { since: 0, cursors: [] },
    expected: [200, 200, 200, 200],
  }),
}

describe.each(Object.entries<Route>(chatRoutes))('%s', (name, route) => {
  test.each(roles)('answers the %s as the matrix says', async (role) => {
    const attempt = await attempts[name as keyof typeof chatRoutes]()
    const { path, body, bytes, expected } = attempt
    const answer = await call(chat, route.method, path, { as: personOf(role), body, bytes })
    expect(answer.status).toBe(role === 'anonymous' ? 401 : expected[roles.indexOf(role)])
  })

  test('refuses unknown fields, wrong content types and other methods', async () => {
    const { path, body } = await attempts[name as keyof typeof chatRoutes]()
    if (body !== undefined) {
      const odd = { ...body, more: 1 }
      expect((await call(chat, route.method, path, { as: owner, body: odd })).status).toBe(400)
      const polluted = new TextEncoder().encode(JSON.stringify(body).replace('{', '{"__proto__":{"a":1},'))
      expect(
        (
          await call(chat, route.method, path, {
            as: owner,
            bytes: polluted,
            headers: { 'content-type': 'application/json' },
          })
        ).status,
      ).toBeGreaterThanOrEqual(400)
    }
    const other = await call(chat, 'PATCH', path.split('?')[0] ?? '', { as: owner })
    expect(other.status).toBe(405)
    if (route.method !== 'GET') {
      const evil = await call(chat, route.method, path, {
        as: owner,
        body,
        headers: { origin: 'https://evil.example' },
      })
      expect(evil.status).toBe(403)
    }
  })
})

test('foreign and unknown conversations look alike', async () => {
  const unknown = ownerSeat.conversation.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'))
  const [foreign, missing] = await Promise.all(
    [ownerSeat.conversation, unknown].map((id) =>
      call(chat, 'GET', `/api/chat/conversations/${id}/log?after=0`, { as: stranger }),
    ),
  )
  expect(foreign).toEqual(missing)
})

test('no bad token opens a route', async () => {
  const corpus = badTokens({ ...signingKey, account: owner.account, device: owner.device, session: 'test' })
  expect(corpus.length).toBeGreaterThanOrEqual(25)
  for (const { name, token } of corpus) {
    const response = await fetch(`${chat.url}/api/chat/contacts`, {
      headers: { authorization: `Bearer ${token}` },
    }).catch(() => undefined)
    // some are no header value at all
    if (response !== undefined) expect(response.status, name).toBe(401)
  }
  const good = await fetch(`${chat.url}/api/chat/contacts`, {
    headers: { authorization: `Bearer ${accessToken(owner)}` },
  })
  expect(good.status).toBe(200)
})

describe.each(['owner', 'member', 'exMember', 'stranger'] as const)('events from the %s', (role) => {
  const isMember = role === 'owner' || role === 'member'
  test('touch the conversation only for a member', async () => {
    const person = personOf(role)
    if (person === undefined) throw new Error('person')
    const { conversation } = ownerSeat
    const socket = await connect(person)
    const seat = role === 'owner' ? ownerSeat : role === 'member' ? memberSeat : exSeat
    const message = await sealed({ ...seat, person }, role)
    const answer = await send(socket, message)
    // the member has not applied the removal yet
    expect(answer.error).toBe(role === 'owner' ? undefined : role === 'member' ? 'stale-epoch' : 'not-found')
    if (!isMember) expect(answer).toMatchObject({ seq: 0, epoch: 0, generation: 0 })
    const before = socket.of('refused').length
    socket.emit(toServer.receipt, { conversation, read: 1 })
    socket.emit(toServer.openConversation, { conversation })
    socket.emit(
      toServer.ephemeral,
      encodeToEphemeral({ conversation, generation: 0, epoch: 1, sealed: Uint8Array.of(1) }),
    )
    await socket.ask(toServer.watchPresence, { accounts: [] })
    await expect.poll(() => socket.of('refused').length - before).toBe(isMember ? 0 : 3)
    for (const refusal of socket.of('refused')) expect(refusal).toMatchObject({ code: 'not-found' })
    socket.emit(toServer.append, encodeAppend({ ...message, generation: 3 }))
    await expect.poll(() => socket.appended.length).toBe(2)
    socket.close()
  })
})
