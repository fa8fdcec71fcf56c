/** A server that takes commits for valid hands out groups of its own making under the id of a conversation that alice knows. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  adoptCommit,
  createDevice,
  createGroup,
  createVault,
  makeCommit,
  makeGroupInfo,
  randomId,
  type GroupState,
} from '@brieftaube/encryption'
import {
  decodeCommitBundle,
  decodeEntries,
  decodeJoinPoint,
  encodeEntries,
  encodeJoinPoint,
  type AccountId,
  type Bytes,
  type ConversationId,
  type DeviceId,
  type Entry,
} from '@brieftaube/protocol'
import { openPool } from '@brieftaube/service-kit'
import { befriend, has, signUp, startServices, type Person, type Services } from '@brieftaube/testkit'

interface Forgery {
  readonly conversation: ConversationId
  readonly kind: 'direct' | 'group'
  readonly state: GroupState
  readonly groupInfo: Bytes
  /** Where the honest log ends. */
  seq: number
  /** alice's external commit, once she fell for it. */
  taken: Entry | undefined
}

let services: Services
let alice: Person
let bob: Person
let forgery: Forgery | undefined

beforeAll(async () => {
  services = await startServices()
  alice = await signUp('alice', { baseUrl: services.url, fetch: lyingFetch })
  bob = await signUp('bob', { baseUrl: services.url })
  await befriend(alice, bob)
})
afterAll(async () => {
  await alice.stop()
  await bob.stop()
  await services[Symbol.asyncDispose]()
})

async function lyingFetch(url: string, init: RequestInit): Promise<Response> {
  const lie = forgery
  if (lie === undefined) return fetch(url, init)
  const json = (value: unknown) =>
    new Response(JSON.stringify(value), { headers: { 'content-type': 'application/json' } })
  if (url.endsWith(`${lie.conversation}/commits`)) return json(takeCommit(lie, init.body as Uint8Array))
  const honest = await fetch(url, init)
  if (!honest.ok) return honest
  const bytes = new Uint8Array(await honest.arrayBuffer())
  const again = (changed: Uint8Array) =>
    new Response(changed.slice(), { status: honest.status, headers: honest.headers })
  if (url.endsWith('/api/chat/sync')) return json(withoutLeaf(lie, bytes))
  if (url.endsWith(`${lie.conversation}/group-info`)) {
    const { generation, epoch } = lie.state
    const point = decodeJoinPoint(bytes)
    lie.seq = point.seq
    return again(encodeJoinPoint({ ...point, generation, epoch, groupInfo: lie.groupInfo }))
  }
  if (url.includes(`${lie.conversation}/log?`)) {
    const after = Number(new URL(url).searchParams.get('after'))
    const { taken } = lie
    const entries = decodeEntries(bytes).filter((entry) => taken === undefined || entry.seq < taken.seq)
    return again(encodeEntries(taken?.seq === after + 1 ? [...entries, taken] : entries))
  }
  return again(bytes)
}

function withoutLeaf({ conversation, kind, state, taken }: Forgery, bytes: Uint8Array): unknown {
  const reply = JSON.parse(new TextDecoder().decode(bytes)) as { conversations: object[] }
  const { generation, epoch } = state
  const head = { conversation, kind, generation, epoch, seq: 1, fromSeq: 1, joined: false, suite: 83 }
  return { ...reply, conversations: taken === undefined ? [head] : [] }
}

function takeCommit(lie: Forgery, body: Uint8Array): unknown {
  const { generation, epoch, counter, commit } = decodeCommitBundle(Uint8Array.from(body))
  const { conversation } = lie
  const seq = lie.seq + 1
  const at = Date.now()
  const device = deviceOf(alice)
  const kind = 'external-commit'
  const body0 = new Uint8Array(0)
  lie.taken = { conversation, generation, seq, epoch, kind, device, counter, at, mls: commit, body: body0 }
  return { conversation, generation, epoch: epoch + 1, seq, at }
}

let aliceDevice: DeviceId | undefined
function deviceOf(_person: Person): DeviceId {
  if (aliceDevice === undefined) throw new Error('no device')
  return aliceDevice
}

/** A group of mallory's with a leaf of alice's, whose key package the operator reads from the database. */
async function forge(conversation: ConversationId, kind: 'direct' | 'group'): Promise<AccountId> {
  const session = await alice.until('session', {}, (view) => view.kind === 'signed-in')
  if (session.kind !== 'signed-in') throw new Error('session')
  aliceDevice = session.device
  const mallory = randomId<AccountId>()
  const { vault } = await createVault(mallory, crypto.getRandomValues(new Uint8Array(64)))
  const device = createDevice(vault, randomId<DeviceId>(), Date.now())
  const members = kind === 'direct' ? ({ kind, peer: alice.account } as const) : ({ kind } as const)
  const suite = 'xwing-256'
  let state = await createGroup(device, { conversation, generation: 0, suite, nowMs: Date.now(), members })
  const adds = [await aliceKeyPackage()]
  for (const plan of [{ adds }, {}, {}, {}]) {
    const made = await makeCommit(state, plan)
    if (made.kind === 'refused') throw new Error(made.detail)
    const adopted = adoptCommit(state, made.pending)
    if (adopted.kind === 'refused') throw new Error(adopted.detail)
    state = adopted.state
  }
  forgery = { conversation, kind, state, groupInfo: await makeGroupInfo(state), taken: undefined, seq: 0 }
  return mallory
}

async function aliceKeyPackage(): Promise<Bytes> {
  const { chat } = services.database
  const pool = openPool({ ...chat, appUrl: chat.ownerUrl }, { schema: 'chat', max: 1 })
  const { rows } = await pool.query<{ key_package: Buffer }>(
    'select key_package from key_package where device = $1 and suite = 83 limit 1',
    [Buffer.from(deviceOf(alice), 'base64url').toString('hex')],
  )
  await pool.end()
  return Uint8Array.from(rows[0]?.key_package ?? [])
}

test('a direct conversation never becomes one with somebody else', async () => {
  const { conversation } = await alice.call('openDirect', { account: bob.account })
  await has(bob, conversation)
  await alice.send(conversation, 'ehrlich')
  await bob.sees(conversation, ['ehrlich'])
  await forge(conversation, 'direct')
  await alice.restart()
  await expect(taken(3000)).resolves.toBeUndefined()
  const view = await alice.until('conversation', { conversation }, () => true)
  expect(view.members.map((member) => member.account).sort()).toEqual([alice.account, bob.account].sort())
  forgery = undefined
  await alice.restart()
  await alice.send(conversation, 'noch da')
  await bob.sees(conversation, ['ehrlich', 'noch da'])
})

test('a ghost member of a group that is joined again gets its line', async () => {
  const { conversation } = await alice.call('createGroup', { title: 'Geister', members: [bob.account] })
  await has(bob, conversation)
  const mallory = await forge(conversation, 'group')
  await alice.restart()
  const { messages } = await alice.until('messages', { conversation }, (view) =>
    view.messages.some(
      (message) => message.kind === 'system' && message.event.kind === 'members-added' && message.seq !== 1,
    ),
  )
  expect(JSON.stringify(messages)).toContain(mallory)
  forgery = undefined
})

async function taken(withinMs: number): Promise<Entry | undefined> {
  for (const end = Date.now() + withinMs; Date.now() < end && forgery?.taken === undefined;)
    await new Promise((resolve) => setTimeout(resolve, 50))
  return forgery?.taken
}
