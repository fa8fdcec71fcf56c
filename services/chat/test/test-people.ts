/** Devices with real keys and real groups; everything they say goes over the wire. */
import {
  adoptCommit,
  createDevice,
  createGroup,
  createKeyPackage,
  createVault,
  externalJoin,
  joinByWelcome,
  makeCommit,
  makeGroupInfo,
  processCommit,
  randomId,
  sealMessage,
  signLeave,
  signRevocation,
  type CreatedKeyPackage,
  type Device,
  type GroupState,
  type Outcome,
  type Vault,
} from '@brieftaube/encryption'
import {
  decodeClaimedKeyPackages,
  decodeEntries,
  decodeJoinPoint,
  decodeWelcomes,
  encodeAppend,
  encodeBase64Url,
  encodeCommitBundle,
  encodeGroupCreation,
  encodeKeyPackageUpload,
  suites,
  toServer,
  type AccountId,
  type Append,
  type Appended,
  type Bytes,
  type CommitBundle,
  type ConversationId,
  type DeviceId,
  type Entry,
} from '@brieftaube/protocol'
import { expect } from 'vitest'
import { accessToken, origin, ticket, type TestChat, type Who } from './test-server.ts'
import { openSocket, type TestSocket } from './test-socket.ts'

export interface Answer {
  readonly status: number
  readonly bytes: Bytes
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every shape
  readonly json: any
}

export async function call(
  chat: TestChat,
  method: string,
  path: string,
  options: {
    as?: Who | undefined
    body?: unknown
    bytes?: Uint8Array | undefined
    headers?: Record<string, string>
  } = {},
): Promise<Answer> {
  const headers: Record<string, string> = { origin, ...options.headers }
  if (options.as !== undefined) headers['authorization'] = `Bearer ${accessToken(options.as)}`
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  if (options.bytes !== undefined) headers['content-type'] = 'application/octet-stream'
  const body =
    options.bytes === undefined
      ? options.body === undefined
        ? null
        : JSON.stringify(options.body)
      : Buffer.from(options.bytes)
  const response = await fetch(chat.url + path, { method, headers, body })
  const bytes = new Uint8Array(await response.arrayBuffer())
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return {
    status: response.status,
    bytes,
    json: isJson ? (JSON.parse(new TextDecoder().decode(bytes)) as unknown) : undefined,
  }
}

export function ok<T extends { readonly kind: string }>(outcome: T): Extract<T, { kind: 'ok' }> {
  if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome))
  return outcome as Extract<T, { kind: 'ok' }>
}

export interface Person extends Who {
  readonly chat: TestChat
  readonly vault: Vault
  readonly keys: Device
  readonly packages: CreatedKeyPackage[]
  counter: number
}

export async function createPerson(chat: TestChat): Promise<Person> {
  const account = randomId<AccountId>()
  const { vault } = await createVault(account, new Uint8Array(64).fill(7))
  return createFurtherDevice(chat, vault)
}

/** With key packages uploaded, so that others can find it. */
export async function createFurtherDevice(chat: TestChat, vault: Vault): Promise<Person> {
  const device = randomId<DeviceId>()
  const keys = createDevice(vault, device, Date.now())
  const person: Person = { chat, account: vault.account, device, vault, keys, packages: [], counter: 0 }
  await uploadPackages(person, 3)
  return person
}

export async function uploadPackages(person: Person, count: number): Promise<Answer> {
  const make = (kind: 'one-time' | 'last-resort') =>
    createKeyPackage(person.keys, { suite: 'x25519-128', kind, nowMs: Date.now() })
  const oneTime = await Promise.all(Array.from({ length: count }, () => make('one-time')))
  const lastResort = await make('last-resort')
  person.packages.push(...oneTime, lastResort)
  const bytes = encodeKeyPackageUpload({
    suite: suites.x25519,
    lastResort: lastResort.bytes,
    oneTime: oneTime.map((each) => each.bytes),
  })
  const answer = await call(person.chat, 'PUT', '/api/chat/key-packages', { as: person, bytes })
  expect(answer.status).toBe(200)
  return answer
}

export async function contact(person: Person, other: Who, action: string): Promise<Answer> {
  return call(person.chat, 'POST', `/api/chat/contacts/${other.account}`, { as: person, body: { action } })
}

export async function befriend(a: Person, b: Person): Promise<void> {
  expect((await contact(a, b, 'request')).status).toBe(200)
  expect((await contact(b, a, 'accept')).json.contact.state).toBe('accepted')
}

export async function claim(person: Person, accounts: readonly AccountId[]): Promise<Bytes[]> {
  const answer = await call(person.chat, 'POST', '/api/chat/key-packages/claim', {
    as: person,
    body: { accounts, suite: suites.x25519 },
  })
  expect(answer.status).toBe(200)
  return decodeClaimedKeyPackages(answer.bytes).map((each) => each.keyPackage)
}

export interface Seat {
  readonly person: Person
  readonly conversation: ConversationId
  state: GroupState
}

/** A group that `founder` creates with the others, all of whom join by their Welcomes. */
export async function foundGroup(
  founder: Person,
  others: readonly Person[],
  kind: 'direct' | 'group' = 'group',
): Promise<Seat[]> {
  const conversation = randomId<ConversationId>()
  const created = await prepareCreation(founder, others, { conversation, kind })
  const answer = await call(founder.chat, 'POST', '/api/chat/conversations', {
    as: founder,
    bytes: created.bytes,
  })
  expect(answer).toMatchObject({
    status: 200,
    json: { conversation, generation: 0, epoch: others.length > 0 ? 1 : 0 },
  })
  const seat: Seat = { person: founder, conversation, state: created.state }
  return [seat, ...(await Promise.all(others.map((each) => takeSeat(each, conversation))))]
}

export async function prepareCreation(
  founder: Person,
  others: readonly Person[],
  {
    conversation,
    kind,
    generation = 0,
  }: { conversation: ConversationId; kind: 'direct' | 'group'; generation?: number },
): Promise<{ bytes: Bytes; state: GroupState }> {
  const peer = others[0]?.account
  const members =
    kind === 'direct' && peer !== undefined ? ({ kind, peer } as const) : ({ kind: 'group' } as const)
  const state = await createGroup(founder.keys, {
    conversation,
    generation,
    suite: 'x25519-128',
    nowMs: Date.now(),
    members,
  })
  const groupInfo = await makeGroupInfo(state)
  if (others.length === 0)
    return { bytes: encodeGroupCreation({ conversation, groupInfo, firstCommit: undefined }), state }
  const adds = await claim(founder, [...new Set(others.map((each) => each.account))])
  const commit = await commitOf({ person: founder, conversation, state }, { adds })
  return {
    bytes: encodeGroupCreation({ conversation, groupInfo, firstCommit: commit.bundle }),
    state: commit.next,
  }
}

/** A bundle, and the state to adopt when the server takes it. */
export async function commitOf(
  seat: Seat,
  plan: { adds?: Bytes[]; removes?: number[]; admins?: AccountId[] },
): Promise<{ bundle: CommitBundle; next: GroupState }> {
  const made = ok(await makeCommit(seat.state, plan))
  const { generation, epoch } = seat.state
  const counter = ++seat.person.counter
  const bundle = {
    generation,
    epoch,
    counter,
    commit: made.commit,
    welcome: made.welcome ?? new Uint8Array(0),
    groupInfo: made.groupInfo,
  }
  return { bundle, next: ok(adoptCommit(seat.state, made.pending)).state }
}

export function postCommit(seat: Seat, bundle: CommitBundle): Promise<Answer> {
  return call(seat.person.chat, 'POST', `/api/chat/conversations/${seat.conversation}/commits`, {
    as: seat.person,
    bytes: encodeCommitBundle(bundle),
  })
}

/** Makes, posts and adopts. */
export async function commit(
  seat: Seat,
  plan: { adds?: Bytes[]; removes?: number[]; admins?: AccountId[] },
): Promise<Answer> {
  const { bundle, next } = await commitOf(seat, plan)
  const answer = await postCommit(seat, bundle)
  if (answer.status === 200) seat.state = next
  return answer
}

export async function takeSeat(person: Person, conversation: ConversationId): Promise<Seat> {
  const list = decodeWelcomes((await call(person.chat, 'GET', '/api/chat/welcomes', { as: person })).bytes)
  const pending = list.findLast((each) => each.conversation === conversation)
  if (pending === undefined) throw new Error('no Welcome')
  const { welcome, generation, epoch } = pending
  for (const each of person.packages) {
    const input = {
      welcome,
      keyPackage: each.bytes,
      keyPackageSecret: each.secret,
      conversation,
      generation,
      epoch,
    }
    const joined = (await joinByWelcome(person.keys, input)) as Outcome<{ state: GroupState }>
    if (joined.kind !== 'ok') continue
    await call(
      person.chat,
      'DELETE',
      `/api/chat/welcomes/${conversation}?generation=${generation}&epoch=${epoch}`,
      { as: person },
    )
    return { person, conversation, state: joined.state }
  }
  throw new Error('no key package fits the Welcome')
}

export async function joinExternally(
  person: Person,
  conversation: ConversationId,
): Promise<{ answer: Answer; seat: Seat }> {
  const point = decodeJoinPoint(
    (await call(person.chat, 'GET', `/api/chat/conversations/${conversation}/group-info`, { as: person }))
      .bytes,
  )
  const joined = ok(
    await externalJoin(person.keys, {
      groupInfo: point.groupInfo,
      conversation,
      generation: point.generation,
      nowMs: Date.now(),
    }),
  )
  const bundle = {
    generation: point.generation,
    epoch: point.epoch,
    counter: ++person.counter,
    commit: joined.commit,
    welcome: new Uint8Array(0),
    groupInfo: joined.groupInfo,
  }
  const seat = { person, conversation, state: joined.state }
  return { answer: await postCommit(seat, bundle), seat }
}

export async function readLog(
  person: Person,
  conversation: ConversationId,
  query = 'after=0&limit=200',
): Promise<Entry[]> {
  const answer = await call(person.chat, 'GET', `/api/chat/conversations/${conversation}/log?${query}`, {
    as: person,
  })
  expect(answer.status).toBe(200)
  return decodeEntries(answer.bytes)
}

/** Applies others' commits. */
export async function catchUp(seat: Seat): Promise<void> {
  for (const entry of await readLog(seat.person, seat.conversation)) {
    const isNext = entry.epoch === seat.state.epoch && entry.generation === seat.state.generation
    if (
      !isNext ||
      (entry.kind !== 'commit' && entry.kind !== 'external-commit') ||
      entry.device === seat.person.device
    )
      continue
    seat.state = ok(await processCommit(seat.state, { mls: entry.mls, device: entry.device })).state
  }
}

export async function sealed(seat: Seat, text: string): Promise<Append> {
  const { person, conversation } = seat
  const clientId = { device: person.device, counter: ++person.counter }
  const lastSeen = { generation: seat.state.generation, seq: 0, head: new Uint8Array(32) }
  const message = ok(
    await sealMessage(seat.state, { content: new TextEncoder().encode(text), clientId, lastSeen }),
  )
  const { generation, epoch } = seat.state
  seat.state = message.state
  return { conversation, generation, epoch, counter: clientId.counter, mls: message.mls, body: message.body }
}

export function connect(person: Person, chat = person.chat): Promise<TestSocket> {
  return openSocket(chat.port, { ticket: ticket(person) })
}

/** The answer to this append. */
export async function send(socket: TestSocket, message: Append): Promise<Appended> {
  const before = socket.appended.length
  socket.emit(toServer.append, encodeAppend(message))
  const find = () => socket.appended.slice(before).find((each) => each.counter === message.counter)
  await expect.poll(find, { timeout: 5000, interval: 5 }).toBeDefined()
  const answer = find()
  if (answer === undefined) throw new Error('not answered')
  return answer
}

export function leaveStatement(seat: Seat): string {
  const { generation, epoch } = seat.state
  return encodeBase64Url(
    signLeave(seat.person.vault, {
      conversation: seat.conversation,
      generation,
      epoch,
      issuedAt: Date.now(),
    }),
  )
}

export function revokeStatement(person: Person): string {
  return encodeBase64Url(signRevocation(person.vault, { device: person.device, issuedAt: Date.now() }))
}
