/**
 * A disk that is slow, broken or full: what arrives is on screen while it is being stored and is reported as delivered only
 * afterwards; what cannot be stored is not sent.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConversationId } from '@brieftaube/protocol'
import { StorageError, type Change, type Store } from '@brieftaube/storage'
import { befriend, has, signUp, startServices, type Person, type Services } from '@brieftaube/testkit'

/** Refuses these changes. */
let refuses: (changes: readonly Change[]) => boolean = () => false
/** What a commit that writes messages waits for. */
let disk: () => Promise<void> = () => Promise.resolve()
let services: Services
let alice: Person
let bob: Person
let conversation: ConversationId

beforeAll(async () => {
  services = await startServices()
  const baseUrl = services.url
  alice = await signUp('alice', { baseUrl })
  bob = await signUp('bob', { baseUrl, wrapStore: slow })
  await befriend(alice, bob)
  conversation = (await alice.call('openDirect', { account: bob.account })).conversation
  await has(bob, conversation)
  await alice.send(conversation, 'Anfang')
  await bob.sees(conversation, ['Anfang'])
})

afterAll(async () => {
  await alice.stop()
  await bob.stop()
  await services[Symbol.asyncDispose]()
})

function slow(store: Store): Store {
  const commit: Store['commit'] = async (changes) => {
    if (changes.some(({ kind }) => kind === 'put-messages')) await disk()
    if (refuses(changes)) throw new StorageError('storage-full', 'the disk is full')
    await store.commit(changes)
  }
  return Object.assign(Object.create(store) as Store, { commit })
}

const stateOf = async (text: string) =>
  (await alice.messages(conversation)).find((message) => message.kind === 'text' && message.text === text)

test('a message is shown while the disk is busy, and delivered once it is stored', async () => {
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  disk = () => held
  // a view that nobody watches shows nothing ahead
  const stop = bob.core.watch('messages', { conversation }, () => undefined)
  await bob.sees(conversation, ['Anfang'])
  await alice.send(conversation, 'Gleich zu sehen')
  await bob.sees(conversation, ['Anfang', 'Gleich zu sehen'], 5_000)
  // receipts go out within half a second
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(await stateOf('Gleich zu sehen')).toMatchObject({ state: 'sent' })
  release()
  await expect.poll(() => stateOf('Gleich zu sehen')).toMatchObject({ state: 'delivered' })
  await bob.sees(conversation, ['Anfang', 'Gleich zu sehen'])
  stop()
})

test('what could not be stored goes from the screen and comes again from the log', async () => {
  const shown: number[] = []
  const stop = bob.core.watch('messages', { conversation }, ({ messages }) => {
    shown.push(messages.length)
  })
  await bob.sees(conversation, ['Anfang', 'Gleich zu sehen'])
  const before = shown.at(-1) ?? 0
  disk = async () => {
    await new Promise((resolve) => setTimeout(resolve, 200))
    disk = () => Promise.resolve()
    throw new StorageError('storage-failed', 'the disk is broken')
  }
  await alice.send(conversation, 'Zweimal versucht')
  await expect.poll(() => shown.slice(-3)).toEqual([before + 1, before, before + 1])
  await bob.sees(conversation, ['Anfang', 'Gleich zu sehen', 'Zweimal versucht'])
  await expect.poll(() => stateOf('Zweimal versucht')).toMatchObject({ state: 'delivered' })
  stop()
})

test('a change of the members that could not be stored is never sent', async () => {
  const { conversation: group } = await bob.call('createGroup', { title: 'Voll', members: [alice.account] })
  await has(alice, group)
  await bob.send(group, 'vorher')
  await alice.sees(group, ['vorher'])
  refuses = (changes) => changes.some((change) => change.kind === 'put' && change.table === 'pending')
  const full = bob.call('setAdmin', { conversation: group, account: alice.account, admin: true })
  await expect(full).rejects.toMatchObject({ code: 'storage-full' })
  refuses = () => false
  await bob.call('reconnect', {})
  await bob.until('connection', {}, ({ kind }) => kind === 'online')
  await bob.send(group, 'nachher')
  await alice.sees(group, ['vorher', 'nachher'])
  const { members } = await alice.until('conversation', { conversation: group }, () => true)
  expect(members.find(({ own }) => own)?.admin).toBe(false)
  await bob.restart()
  await bob.call('setAdmin', { conversation: group, account: alice.account, admin: true })
  await alice.until('conversation', { conversation: group }, ({ ownRole }) => ownRole === 'admin')
})
