import { expect, test } from 'vitest'
import type { MessageView, SystemEvent } from '@brieftaube/contract'
import type { AccountId } from '@brieftaube/protocol'
import { checkHistory, type Observer, type Sent } from '@brieftaube/testkit'

const alice = 'alice' as AccountId
const bob = 'bob' as AccountId
const name = (account: AccountId) => ({ account, name: account, own: false })

function text(seq: number, words: string, author: AccountId): MessageView {
  const common = {
    key: `${words}${String(seq)}`,
    at: 0,
    clientId: undefined,
    localId: undefined,
    authorName: '',
  }
  return {
    ...common,
    kind: 'text',
    seq,
    author,
    own: false,
    text: words,
    replyTo: undefined,
    state: undefined,
    failure: undefined,
  }
}

function line(seq: number, event: SystemEvent): MessageView {
  return { key: `line${String(seq)}`, seq, at: 0, kind: 'system', event }
}

const begin = line(1, { kind: 'created', by: name(alice) })
const sent: Sent[] = [
  { text: 'eins', author: alice, acknowledged: true },
  { text: 'zwei', author: bob, acknowledged: true },
]
const good = [begin, text(2, 'eins', alice), text(3, 'zwei', bob)]

function observe(
  account: AccountId,
  messages: readonly MessageView[],
  more: Partial<Observer> = {},
): Observer {
  return { name: account, account, messages, snapshots: [], waiting: 0, ...more }
}

const problemsOf = (messages: readonly MessageView[], more: Partial<Observer> = {}) =>
  checkHistory(sent, [observe(alice, good), observe(bob, messages, more)])

test('a history in which everything is right has no problems', () => {
  expect(problemsOf(good)).toEqual([])
})

test('a message that is missing, twice, in another place or under another name is a problem', () => {
  expect(problemsOf([begin, text(3, 'zwei', bob)])).toContain('bob misses "eins" (2)')
  expect(problemsOf([...good, text(4, 'eins', alice)])).toContain('bob shows "eins" twice')
  expect(problemsOf([begin, text(2, 'zwei', bob), text(3, 'eins', alice)])).toContain(
    'bob has another order than alice',
  )
  expect(problemsOf([begin, text(2, 'eins', bob), text(3, 'zwei', bob)])).toContain(
    'bob shows "eins" under another name',
  )
})

test('a message that nobody sent, or that was acknowledged and is nowhere, is a problem', () => {
  expect(problemsOf([...good, text(4, 'drei', alice)])).toContain('bob shows "drei", which nobody sent')
  const lost: Sent[] = [...sent, { text: 'fort', author: alice, acknowledged: true }]
  expect(checkHistory(lost, [observe(alice, good), observe(bob, good)])).toContain(
    '"fort" was acknowledged and is nowhere',
  )
})

test('what was shown once and is gone, still waits or cannot be read is a problem', () => {
  const seen = { snapshots: [[text(2, 'eins', alice), text(3, 'zwei', bob)]] }
  expect(problemsOf([begin, text(2, 'eins', alice)], seen)).toContain('bob showed "zwei" and lost it')
  expect(problemsOf(good, { waiting: 1 })).toContain('bob: 1 still wait')
  const broken: MessageView = {
    key: 'x',
    seq: 4,
    at: 0,
    kind: 'broken',
    author: alice,
    authorName: '',
    reason: 'cannot-open',
    repairing: false,
  }
  expect(problemsOf([...good, broken]).join()).toContain('bob: 1 unreadable')
  expect(problemsOf([...good, line(4, { kind: 'history-warning', reason: 'gap' })])).toContain(
    'bob: history warnings gap',
  )
})

test('who was out for a while need not have what was said then', () => {
  const removed = line(2, { kind: 'member-removed', by: name(alice), who: name(bob) })
  const added = line(4, { kind: 'members-added', by: name(alice), who: [name(bob)] })
  const all = [begin, removed, text(3, 'eins', alice), added, text(5, 'zwei', bob)]
  const bobs = [begin, removed, added, text(5, 'zwei', bob)]
  expect(checkHistory(sent, [observe(alice, all), observe(bob, bobs)])).toEqual([])
  expect(checkHistory(sent, [observe(alice, all), observe(bob, [begin, removed, added])])).toContain(
    'bob misses "zwei" (5)',
  )
})
