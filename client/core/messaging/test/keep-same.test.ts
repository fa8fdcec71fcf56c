import { expect, test } from 'vitest'
import { keepSame } from '../src/views/keep-same.ts'

const message = (key: string, text = 'Hallo') => ({ key, text, replyTo: undefined, clientId: { counter: 1 } })

test('a view that is computed again and has not changed is the former one', () => {
  const make = () => ({ messages: [message('a'), message('b')], more: true, picture: new Uint8Array([1, 2]) })
  const before = make()
  expect(keepSame(before, make())).toBe(before)
})

test('rows that have not changed stay the same objects, wherever they stand', () => {
  const before = [message('a'), message('b'), message('c')]
  const after = keepSame(before, [message('new'), message('c'), message('a'), message('b', 'anders')])
  expect(after).toEqual([message('new'), message('c'), message('a'), message('b', 'anders')])
  expect(after[1]).toBe(before[2])
  expect(after[2]).toBe(before[0])
  // of a changed row at least its parts
  expect(after[3]?.clientId).toBe(before[1]?.clientId)
})

test('every change is seen', () => {
  const before = { kind: 'signed-out', reason: undefined, list: ['x', 'y'], bytes: new Uint8Array([1]) }
  for (const after of [
    { ...before, kind: 'signed-in' },
    { ...before, reason: 'expired' },
    { kind: 'signed-out', list: ['x', 'y'], bytes: new Uint8Array([1]) },
    { ...before, extra: undefined },
    { ...before, list: ['y', 'x'] },
    { ...before, list: ['x'] },
    { ...before, bytes: new Uint8Array([2]) },
    { ...before, bytes: undefined },
  ]) {
    const kept = keepSame<object>(before, after)
    expect(kept).not.toBe(before)
    expect(kept).toStrictEqual(after)
  }
})

test('what was before is never changed itself', () => {
  const before = Object.freeze({ rows: Object.freeze([Object.freeze(message('a'))]) })
  const after = keepSame(before, { rows: [message('a'), message('b')] })
  expect(before.rows).toHaveLength(1)
  expect(after.rows).toHaveLength(2)
  expect(after.rows[0]).toBe(before.rows[0])
})
