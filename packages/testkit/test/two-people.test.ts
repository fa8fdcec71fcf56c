import { afterAll, beforeAll, expect, test } from 'vitest'
import { befriend, has, signUp, startServices, type Person, type Services } from '@brieftaube/testkit'

let services: Services
let alice: Person
let bob: Person

beforeAll(async () => {
  services = await startServices()
  const baseUrl = services.url
  alice = await signUp('alice', { baseUrl })
  bob = await signUp('bob', { baseUrl })
})

afterAll(async () => {
  await alice.stop()
  await bob.stop()
  await services[Symbol.asyncDispose]()
})

test('who has just signed up has the display name that was given', async () => {
  await alice.until('profile', {}, (profile) => profile.displayName === 'Alice')
})

test('alice finds bob, bob accepts, and they write both ways', async () => {
  await befriend(alice, bob)
  const { conversation } = await alice.call('openDirect', { account: bob.account })
  await has(bob, conversation)
  await alice.send(conversation, 'Hallo Bob')
  await bob.sees(conversation, ['Hallo Bob'])
  await bob.send(conversation, 'Hallo Alice')
  await alice.sees(conversation, ['Hallo Bob', 'Hallo Alice'])
  await bob.sees(conversation, ['Hallo Bob', 'Hallo Alice'])
  expect(await alice.texts(conversation)).toHaveLength(2)
})

test('who leaves a direct conversation and writes again begins a new one, and both are in it', async () => {
  const { conversation: former } = await alice.call('openDirect', { account: bob.account })
  await alice.call('leaveConversation', { conversation: former })
  await alice.until('contacts', {}, (contacts) => contacts.every((each) => each.conversation === undefined))
  // the one who was left has taken the departure in as well
  await bob.until('contacts', {}, (contacts) => contacts.every((each) => each.conversation === undefined))
  const [byAlice, byBob] = await Promise.all([
    alice.call('openDirect', { account: bob.account }),
    bob.call('openDirect', { account: alice.account }),
  ])
  expect(byAlice).toEqual(byBob)
  const { conversation } = byAlice
  expect(conversation).not.toBe(former)
  await has(alice, conversation)
  await has(bob, conversation)
  await alice.send(conversation, 'Da bin ich wieder')
  await bob.sees(conversation, ['Da bin ich wieder'])
  await bob.send(conversation, 'Schön!')
  await alice.sees(conversation, ['Da bin ich wieder', 'Schön!'])
  // what was said before stays where it was
  expect(await bob.texts(former)).toEqual(['Hallo Bob', 'Hallo Alice'])
})
