import { describe, expect, test } from 'vitest'
import { applyDifference, differenceOf } from '../src/difference.ts'

interface Row {
  readonly key: string
}
const row = (key: string): Row => ({ key })

/** What arrives on the other side of a thread. */
function crossed(before: unknown, after: unknown): { state: unknown; whole: boolean } {
  const difference = differenceOf(before, after)
  if (difference === undefined) return { state: structuredClone(after), whole: true }
  return { state: applyDifference(before, structuredClone(difference)), whole: false }
}

describe('what crosses to a window', () => {
  test('is one message when one was added to ten thousand', () => {
    const before = { messages: Array.from({ length: 10_000 }, (_, index) => row(String(index))), more: true }
    const after = { messages: [...before.messages, row('new')], more: true }
    expect(JSON.stringify(differenceOf(before, after)).length).toBeLessThan(200)
    const arrived = crossed(before, after).state as typeof after
    expect(arrived).toEqual(after)
    expect(arrived.messages[5_000]).toBe(before.messages[5_000])
  })

  test('is one row when a chat with news moves to the top of the list', () => {
    const rows = Array.from({ length: 500 }, (_, index) => row(String(index)))
    const after = [row('400 with news'), ...rows.filter((_, index) => index !== 400)]
    expect(differenceOf(rows, after)).toEqual({
      lists: { '': [{ added: [row('400 with news')] }, { kept: [0, 400] }, { kept: [401, 500] }] },
    })
    expect(crossed(rows, after).state).toEqual(after)
  })

  test('is the whole when nothing of it is there yet', () => {
    expect(crossed(undefined, [row('a')])).toEqual({ state: [row('a')], whole: true })
    expect(crossed([], [row('a')]).whole).toBe(true)
    expect(crossed([row('a')], []).state).toEqual([])
    expect(crossed({ kind: 'loading' }, { kind: 'online', waiting: 0 })).toMatchObject({ whole: true })
    expect(crossed({ picture: new Uint8Array([1]) }, { picture: new Uint8Array([2]) })).toMatchObject({
      state: { picture: new Uint8Array([2]) },
    })
  })

  test('leaves nothing behind of fields that are gone, and keeps those without a value', () => {
    const kept = row('a')
    const before = { rows: [kept], old: 1, maybe: 'x' }
    const after = { rows: [kept, row('b')], maybe: undefined }
    expect(crossed(before, after)).toStrictEqual({ state: after, whole: false })
  })

  test('makes the same list whatever is put in, taken out, moved and changed', () => {
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed % below
    }
    let here: readonly Row[] = []
    let there: unknown = []
    for (let step = 0; step < 2_000; step += 1) {
      const next = [...here]
      for (let change = random(4); change >= 0; change -= 1) {
        const at = random(next.length + 1)
        const what = random(4)
        if (what === 0 || next.length < 5) next.splice(at, 0, row(`row ${String(step)}:${String(change)}`))
        else if (what === 1) next.splice(at, 1 + random(3))
        else if (what === 2) next.push(...next.splice(at, 1))
        else next.splice(at, 1, row(`changed ${String(step)}`))
      }
      // as at the desk: the difference is taken here, and applied to what the other side has made of the former ones
      const difference = differenceOf(here, next)
      there = difference === undefined ? next : applyDifference(there, structuredClone(difference))
      here = next
      expect(there).toEqual(here)
    }
  })
})
