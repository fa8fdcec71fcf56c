/** What a server can do that does not keep to the protocol, and what alice's client makes of it. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createDevice, createKeyPackage, createVault, randomId } from '@brieftaube/encryption'
import {
  decodeClaimedKeyPackages,
  decodeWelcomes,
  encodeClaimedKeyPackages,
  encodeWelcomes,
  idToBytes,
  type AccountId,
  type Bytes,
  type ConversationId,
  type DeviceId,
  type Entry,
  type PendingWelcome,
} from '@brieftaube/protocol'
import {
  befriend,
  createMiddle,
  has,
  logInElsewhere,
  signUp,
  startPerson,
  startServices,
  type Person,
  type Services,
} from '@brieftaube/testkit'

const middle = createMiddle()
let services: Services
let alice: Person
let bob: Person
let carla: Person
let mallory: Awaited<ReturnType<typeof forgedDevice>>

/** A device that claims to be one of this account, certified by a key that is not the account's. */
async function forgedDevice(account: AccountId) {
  const { vault } = await createVault(account, crypto.getRandomValues(new Uint8Array(64)))
  return createDevice(vault, randomId<DeviceId>(), Date.now())
}

beforeAll(async () => {
  services = await startServices()
  const baseUrl = services.url
  alice = await signUp('alice', { baseUrl, fetch: middle.fetch, wrapSocket: middle.wrapSocket })
  bob = await signUp('bob', { baseUrl })
  carla = await signUp('carla', { baseUrl })
  await befriend(alice, bob)
  await befriend(alice, carla)
  await befriend(bob, carla)
  mallory = await forgedDevice(bob.account)
})

afterEach(() => middle.behave())

afterAll(async () => {
  for (const person of [alice, bob, carla]) await person.stop()
  await services[Symbol.asyncDispose]()
})

async function groupOfThree(title: string): Promise<ConversationId> {
  const { conversation } = await bob.call('createGroup', { title, members: [alice.account, carla.account] })
  await has(alice, conversation)
  await has(carla, conversation)
  await bob.send(conversation, 'Anfang')
  for (const person of [alice, carla]) await person.sees(conversation, ['Anfang'])
  return conversation
}

async function warningOf(conversation: ConversationId): Promise<string> {
  const { messages } = await alice.until('messages', { conversation }, (view) =>
    view.messages.some((message) => message.kind === 'system' && message.event.kind === 'history-warning'),
  )
  return (
    messages.flatMap((message) =>
      message.kind === 'system' && message.event.kind === 'history-warning' ? [message.event.reason] : [],
    )[0] ?? ''
  )
}

test('a swapped key package is refused before anything is sent', async () => {
  const forged = await createKeyPackage(mallory, { suite: 'xwing-256', kind: 'one-time', nowMs: Date.now() })
  middle.onReply(/key-packages\/claim/, (bytes) =>
    encodeClaimedKeyPackages(
      decodeClaimedKeyPackages(bytes).map((each) =>
        each.account === bob.account ? { ...each, device: mallory.device, keyPackage: forged.bytes } : each,
      ),
    ),
  )
  await expect(alice.call('openDirect', { account: bob.account })).rejects.toMatchObject({
    code: 'key-changed',
  })
  await expect(alice.call('createGroup', { title: 'x', members: [bob.account] })).rejects.toMatchObject({
    code: 'key-changed',
  })
})

test('a key package of somebody else in bob’s place is refused', async () => {
  middle.onReply(/key-packages\/claim/, (bytes) => {
    const claimed = decodeClaimedKeyPackages(bytes)
    const carlas = claimed.find((each) => each.account === carla.account)
    return encodeClaimedKeyPackages(
      claimed.map((each) =>
        each.account === bob.account && carlas ? { ...each, keyPackage: carlas.keyPackage } : each,
      ),
    )
  })
  await expect(
    alice.call('createGroup', { title: 'x', members: [bob.account, carla.account] }),
  ).rejects.toMatchObject({ code: 'decryption-failed' })
})

test('a ghost device beside the true ones is refused', async () => {
  const forged = await createKeyPackage(mallory, { suite: 'xwing-256', kind: 'one-time', nowMs: Date.now() })
  const ghost = { account: bob.account, device: mallory.device, keyPackage: forged.bytes }
  middle.onReply(/key-packages\/claim/, (bytes) =>
    encodeClaimedKeyPackages([...decodeClaimedKeyPackages(bytes), ghost]),
  )
  await expect(alice.call('createGroup', { title: 'x', members: [bob.account] })).rejects.toMatchObject({
    code: 'key-changed',
  })
})

test('a ghost that comes in by an external commit is refused and told of', async () => {
  const conversation = await groupOfThree('Gespenst')
  const ghost = idToBytes(mallory.device)
  middle.onEntry((entry) => {
    if (entry.conversation !== conversation || entry.kind !== 'external-commit') return [entry]
    const mls = replaceAll(entry.mls, idToBytes(entry.device), ghost)
    return [{ ...entry, device: mallory.device, mls }]
  })
  const elsewhere = await logInElsewhere(bob, { baseUrl: services.url })
  expect(await warningOf(conversation)).toBe('refused-change')
  const view = await alice.until('conversation', { conversation }, () => true)
  expect(view.members.find((member) => member.account === bob.account)?.devices).toBe(1)
  await elsewhere.call('logOut', {})
  await elsewhere.stop()
})

function replaceAll(bytes: Bytes, what: Bytes, by: Bytes): Bytes {
  const copy = Buffer.from(bytes)
  for (let at = copy.indexOf(what); at >= 0; at = copy.indexOf(what, at + what.length)) copy.set(by, at)
  return Uint8Array.from(copy)
}

test('a message under another sender’s name is not shown under it', async () => {
  const conversation = await groupOfThree('Absender')
  const rows: Entry[] = []
  middle.onEntry((entry) => {
    if (entry.conversation !== conversation || entry.kind !== 'message') return [entry]
    rows.push(entry)
    const first = rows[0]
    // carla's message is passed off as sent by bob's device
    return first !== undefined && first !== entry ? [{ ...entry, device: first.device }] : [entry]
  })
  await bob.send(conversation, 'von bob')
  await alice.sees(conversation, ['Anfang', 'von bob'])
  await carla.send(conversation, 'von carla')
  const { messages } = await alice.until('messages', { conversation }, (view) =>
    view.messages.some((message) => message.kind === 'broken'),
  )
  const broken = messages.find((message) => message.kind === 'broken')
  expect(broken).toMatchObject({ reason: 'altered' })
  expect(await alice.texts(conversation)).toEqual(['Anfang', 'von bob'])
})

test('a replayed message is shown as altered, not twice', async () => {
  const conversation = await groupOfThree('Wiederholung')
  const seen: Entry[] = []
  middle.onEntry((entry) => {
    if (entry.conversation !== conversation || entry.kind !== 'message') return [entry]
    const first = seen[0]
    seen.push(entry)
    return first !== undefined && seen.length === 2 ? [{ ...first, seq: entry.seq }] : [entry]
  })
  await bob.send(conversation, 'einmal')
  await alice.sees(conversation, ['Anfang', 'einmal'])
  await bob.send(conversation, 'verdrängt')
  await alice.until('messages', { conversation }, (view) =>
    view.messages.some((message) => message.kind === 'broken'),
  )
  expect((await alice.texts(conversation)).filter((text) => text === 'einmal')).toHaveLength(1)
  await bob.send(conversation, 'danach')
  expect(await warningOf(conversation)).toBe('forked')
})

/** The next two entries of the conversation change places for alice, live and in the log, for good. */
function swapNextTwo(conversation: ConversationId): void {
  const held: Entry[] = []
  middle.onEntry((entry, live) => {
    if (entry.conversation !== conversation) return [entry]
    const isNew = held.length < 2 && live && !held.some((each) => each.seq === entry.seq)
    if (isNew) held.push(entry)
    const [first, second] = held
    if (first === undefined || second === undefined) return []
    const swapped = [
      { ...second, seq: first.seq },
      { ...first, seq: second.seq },
    ]
    return isNew ? swapped : [swapped.find((each) => each.seq === entry.seq) ?? entry]
  })
}

test('reordered messages are noticed with the next one that crosses', async () => {
  const conversation = await groupOfThree('Reihenfolge')
  swapNextTwo(conversation)
  await bob.send(conversation, 'erst')
  await carla.sees(conversation, ['Anfang', 'erst'])
  await carla.send(conversation, 'dann')
  await bob.sees(conversation, ['Anfang', 'erst', 'dann'])
  await bob.send(conversation, 'schließlich')
  expect(await warningOf(conversation)).toBe('gap')
})

test('a dropped message is noticed with the next one that crosses', async () => {
  const conversation = await groupOfThree('Lücke')
  let dropped: number | undefined
  middle.onEntry((entry) => {
    if (entry.conversation !== conversation || entry.kind !== 'message') return [entry]
    dropped ??= entry.seq
    if (entry.seq === dropped) return []
    return [{ ...entry, seq: entry.seq - 1 }]
  })
  middle.onRequest((url) => {
    const after = Number(/\/log\?after=(\d+)/.exec(url)?.[1] ?? 0)
    const hides = url.includes(conversation) && dropped !== undefined && after >= dropped - 1
    return hides ? url.replace(/after=\d+/, `after=${String(after + 1)}`) : url
  })
  await bob.send(conversation, 'fehlt')
  await carla.sees(conversation, ['Anfang', 'fehlt'])
  await carla.send(conversation, 'folgt')
  expect(await warningOf(conversation)).toBe('gap')
  expect(await alice.texts(conversation)).toEqual(['Anfang', 'folgt'])
})

test('an old Welcome does not bring back an old epoch', async () => {
  const kept: PendingWelcome[] = []
  middle.onReply(/\/welcomes$/, (bytes) => {
    const welcomes = decodeWelcomes(bytes)
    kept.push(...welcomes)
    return encodeWelcomes(welcomes)
  })
  const conversation = await groupOfThree('Alt')
  const old = kept.find((each) => each.conversation === conversation)
  if (old === undefined) throw new Error('no Welcome passed')
  await bob.call('setAdmin', { conversation, account: carla.account, admin: true })
  await alice.until('conversation', { conversation }, (view) =>
    view.members.some((member) => member.account === carla.account && member.admin),
  )
  middle.onReply(/\/welcomes$/, () => encodeWelcomes([old]))
  middle.inject('welcome', {})
  await bob.send(conversation, 'geht weiter')
  await alice.sees(conversation, ['Anfang', 'geht weiter'])
  await alice.send(conversation, 'ja')
  await bob.sees(conversation, ['Anfang', 'geht weiter', 'ja'])
})

test('a change that was damaged on its way is read again from the log, and nothing behind it is lost', async () => {
  const conversation = await groupOfThree('Umweg')
  let damaged = 0
  middle.onEntry((entry, live) => {
    if (!live || entry.conversation !== conversation || entry.kind !== 'commit') return [entry]
    damaged++
    return [{ ...entry, mls: entry.mls.slice(0, -2) }]
  })
  await bob.call('setAdmin', { conversation, account: carla.account, admin: true })
  await bob.send(conversation, 'nach der Änderung')
  await alice.sees(conversation, ['Anfang', 'nach der Änderung'])
  expect(damaged).toBe(1)
  const lastSeq = (await alice.messages(conversation)).at(-1)?.seq ?? 0
  await alice.send(conversation, 'alles da')
  await carla.sees(conversation, ['Anfang', 'nach der Änderung', 'alles da'])
  // nobody had to join again: her message is the next entry of the log
  expect((await carla.messages(conversation)).at(-1)?.seq).toBe(lastSeq + 1)
})

test('a group that cannot be followed any more is begun again with the same people', async () => {
  const conversation = await groupOfThree('Neuanfang')
  await bob.call('setAdmin', { conversation, account: alice.account, admin: true })
  await alice.until('conversation', { conversation }, (view) => view.ownRole === 'admin')
  middle.onReply(/group-info/, (bytes) => bytes.slice(0, bytes.length - 1))
  middle.onEntry((entry) =>
    entry.conversation === conversation && entry.kind === 'commit' && entry.generation === 0
      ? [{ ...entry, mls: entry.mls.slice(0, -2) }]
      : [entry],
  )
  await bob.call('setAdmin', { conversation, account: carla.account, admin: true })
  expect(await warningOf(conversation)).toBe('refused-change')
  const isReset = ({ messages }: { messages: readonly { kind: string }[] }) =>
    messages.some(
      (message) =>
        message.kind === 'system' && (message as { event?: { kind: string } }).event?.kind === 'reset',
    )
  for (const person of [alice, bob, carla]) await person.until('messages', { conversation }, isReset)
  for (const person of [bob, carla])
    await person.until(
      'conversation',
      { conversation },
      (view) => view.sendingBlocked === undefined && view.members.length === 3,
    )
  await alice.send(conversation, 'von vorn')
  await bob.sees(conversation, ['Anfang', 'von vorn'])
  await carla.send(conversation, 'geht')
  for (const person of [alice, bob, carla]) await person.sees(conversation, ['Anfang', 'von vorn', 'geht'])
})

async function loseTrack(title: string): Promise<ConversationId> {
  const conversation = await groupOfThree(title)
  middle.onReply(/group-info/, (bytes) => bytes.slice(0, bytes.length - 1))
  middle.onEntry((entry) =>
    entry.conversation === conversation && entry.kind === 'commit'
      ? [{ ...entry, mls: entry.mls.slice(0, -2) }]
      : [entry],
  )
  await bob.call('setAdmin', { conversation, account: carla.account, admin: true })
  expect(await warningOf(conversation)).toBe('refused-change')
  return conversation
}

async function followsAgain(conversation: ConversationId): Promise<void> {
  await bob.call('setAdmin', { conversation, account: carla.account, admin: false })
  await bob.send(conversation, 'wieder da')
  await alice.sees(conversation, ['Anfang', 'wieder da'])
  await alice.send(conversation, 'ja')
  await bob.sees(conversation, ['Anfang', 'wieder da', 'ja'])
}

test('who lost track of a group, was removed and is added again follows it again', async () => {
  const conversation = await loseTrack('Wiederkehr')
  await bob.call('removeMember', { conversation, account: alice.account })
  await alice.until('conversation', { conversation }, (view) => !view.active)
  middle.behave()
  await bob.call('addMembers', { conversation, members: [alice.account] })
  await followsAgain(conversation)
})

test('… also when the removal was not noticed before', async () => {
  const conversation = await loseTrack('Unbemerkt')
  const { account, profile } = alice
  await alice.stop()
  middle.behave()
  await bob.call('removeMember', { conversation, account })
  await bob.call('addMembers', { conversation, members: [account] })
  const { fetch, wrapSocket } = middle
  const again = await startPerson('alice', { baseUrl: services.url, profile, fetch, wrapSocket })
  alice = Object.assign(again, { account })
  await followsAgain(conversation)
})

test('… also while the log itself stays damaged', async () => {
  const conversation = await loseTrack('Beschädigt')
  await bob.call('removeMember', { conversation, account: alice.account })
  await bob.call('addMembers', { conversation, members: [alice.account] })
  await alice.until('messages', { conversation }, ({ messages }) =>
    messages.some(
      (message) => message.kind === 'system' && message.event.kind === 'members-added' && message.seq !== 1,
    ),
  )
  middle.behave()
  await followsAgain(conversation)
})

test('a message of a removed member that is moved behind the removal is not shown', async () => {
  const conversation = await groupOfThree('Nachzügler')
  swapNextTwo(conversation)
  await carla.send(conversation, 'noch Mitglied')
  await bob.sees(conversation, ['Anfang', 'noch Mitglied'])
  await bob.call('removeMember', { conversation, account: carla.account })
  const { messages } = await alice.until('messages', { conversation }, (view) =>
    view.messages.some((message) => message.kind === 'broken'),
  )
  expect(messages.find((message) => message.kind === 'broken')).toMatchObject({ reason: 'altered' })
  expect(await alice.texts(conversation)).toEqual(['Anfang'])
  expect(await warningOf(conversation)).toBe('reordered')
})
