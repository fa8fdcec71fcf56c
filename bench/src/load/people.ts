/**
 * Accounts with one device each, contacts and conversations: real key packages, groups and commits through the real REST
 * interface. What is synthetic: tokens (tokens.ts), and messages, which are copies of one sealed message per conversation.
 */
import {
  adoptCommit,
  createDevice,
  createGroup,
  createKeyPackage,
  createVault,
  makeCommit,
  makeGroupInfo,
  randomBytes,
  randomId,
  sealMessage,
  type Device,
  type GroupState,
  type PendingCommit,
} from '@brieftaube/encryption'
import {
  chatRoutes,
  decodeClaimedKeyPackages,
  encodeGroupCreation,
  encodeKeyPackageUpload,
  firstHead,
  suites,
  type AccountId,
  type Bytes,
  type ConversationId,
  type DeviceId,
  type Route,
} from '@brieftaube/protocol'
import type { Issuer } from './tokens.ts'

export interface Server {
  readonly port: number
  readonly origin: string
  readonly issuer: Issuer
}

export interface Person {
  readonly account: AccountId
  readonly device: Device
}

/** A conversation that its members may write to: what a message of it looks like. */
export interface Room {
  readonly conversation: ConversationId
  readonly members: readonly Person[]
  readonly generation: number
  readonly epoch: number
  readonly mls: Bytes
  readonly body: Bytes
}

const suite = 'x25519-128'

export async function createPerson(server: Server): Promise<Person> {
  const { vault } = await createVault(randomId<AccountId>(), randomBytes(64))
  const device = createDevice(vault, randomId<DeviceId>(), Date.now())
  const keyPackage = (kind: 'one-time' | 'last-resort') =>
    createKeyPackage(device, { suite, kind, nowMs: Date.now() })
  const upload = encodeKeyPackageUpload({
    suite: suites.x25519,
    lastResort: (await keyPackage('last-resort')).bytes,
    oneTime: [(await keyPackage('one-time')).bytes],
  })
  const person = { account: vault.account, device }
  await call(server, person, chatRoutes.keyPackageUpload, { bytes: upload })
  return person
}

/** A conversation of these people, the first of them its creator; all of them become contacts of the creator. */
export async function createRoom(
  server: Server,
  members: readonly Person[],
  kind: 'direct' | 'group',
): Promise<Room> {
  const [creator, ...others] = members
  if (creator === undefined) throw new Error('a room has members')
  for (const other of others) await makeContacts(server, creator, other)
  const adds: Bytes[] = []
  for (let at = 0; at < others.length; at += 50) {
    const accounts = others.slice(at, at + 50).map(({ account }) => account)
    const claim = { json: { accounts, suite: suites.x25519 } }
    const claimed = await call(server, creator, chatRoutes.keyPackageClaim, claim)
    adds.push(...decodeClaimedKeyPackages(claimed).map(({ keyPackage }) => keyPackage))
  }
  const conversation = randomId<ConversationId>()
  const peer = others[0]
  const shape =
    kind === 'direct' && peer !== undefined ? { kind, peer: peer.account } : { kind: 'group' as const }
  const first = { conversation, generation: 0, suite, nowMs: Date.now(), members: shape } as const
  const group = await createGroup(creator.device, first)
  const commit = expectOk(await makeCommit(group, { adds }))
  const creation = encodeGroupCreation({
    conversation,
    groupInfo: await makeGroupInfo(group),
    firstCommit: {
      generation: 0,
      epoch: 0,
      counter: 1,
      commit: commit.commit,
      welcome: commit.welcome ?? new Uint8Array(0),
      groupInfo: commit.groupInfo,
    },
  })
  await call(server, creator, chatRoutes.conversationCreate, { bytes: creation })
  return sampleRoom(group, commit.pending, members)
}

async function sampleRoom(
  group: GroupState,
  pending: PendingCommit,
  members: readonly Person[],
): Promise<Room> {
  const adopted = expectOk(adoptCommit(group, pending))
  const clientId = { device: members[0]?.device.device ?? randomId<DeviceId>(), counter: 2 }
  const content = new Uint8Array(120)
  const lastSeen = { generation: 0, seq: 1, head: firstHead }
  const sealed = expectOk(await sealMessage(adopted.state, { content, clientId, lastSeen }))
  const { conversation, generation, epoch } = adopted.state
  return { conversation, members, generation, epoch, mls: sealed.mls, body: sealed.body }
}

async function makeContacts(server: Server, one: Person, other: Person): Promise<void> {
  await call(server, one, chatRoutes.contactChange, { at: other.account, json: { action: 'request' } })
  await call(server, other, chatRoutes.contactChange, { at: one.account, json: { action: 'accept' } })
}

interface Input {
  /** The path's parameter. */
  readonly at?: string | undefined
  readonly json?: object | undefined
  readonly bytes?: Bytes | undefined
}

async function call(server: Server, caller: Person, route: Route, input: Input): Promise<Bytes> {
  const path = route.path.replace(/:[a-z]+/, input.at ?? '')
  const token = server.issuer.accessToken(caller.account, caller.device.device)
  const response = await fetch(`http://127.0.0.1:${String(server.port)}${path}`, {
    method: route.method,
    headers: {
      authorization: `Bearer ${token}`,
      origin: server.origin,
      'content-type': input.bytes === undefined ? 'application/json' : 'application/octet-stream',
    },
    body: input.bytes ?? JSON.stringify(input.json),
  })
  const reply = new Uint8Array(await response.arrayBuffer())
  if (!response.ok)
    throw new Error(`${route.name}: ${String(response.status)} ${Buffer.from(reply).toString()}`)
  return reply
}

function expectOk<T extends { readonly kind: string }>(outcome: T): Extract<T, { kind: 'ok' }> {
  if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome))
  return outcome as Extract<T, { kind: 'ok' }>
}

/** So many at once, in any order. */
export async function inParallel<T>(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = []
  let next = 0
  const run = async (): Promise<void> => {
    while (next < count) {
      const index = next++
      results[index] = await work(index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, run))
  return results
}
