import { describe, expect, it } from 'vitest'
import {
  arrivedAtEnd,
  countBelow,
  dividerAfterArrival,
  dividerAtOpening,
  firstSeq,
  lastSeq,
  noDivider,
} from '../../src/chats/unread.ts'
import { broken, own, system, text } from './fixtures.ts'

describe('the unread divider', () => {
  it('stands before the first message of somebody else beyond the read cursor', () => {
    const messages = [text(1), own(2), system(3), own(4), text(5), broken(6)]
    expect(dividerAtOpening(messages, 1)).toEqual({ before: 'm5', count: 2 })
  })

  it('is absent when everything is read, or only own messages and system lines came', () => {
    expect(dividerAtOpening([text(1), own(2), system(3)], 1)).toEqual(noDivider)
    expect(dividerAtOpening([], 0)).toEqual(noDivider)
  })

  it('appears for what arrives while nobody looks, and is never moved afterwards', () => {
    expect(dividerAfterArrival(noDivider, [text(7)], 'looking')).toEqual(noDivider)
    const placed = dividerAfterArrival(noDivider, [own(6), text(7), text(8)], 'away')
    expect(placed).toEqual({ before: 'm7', count: 2 })
    expect(dividerAfterArrival(placed, [text(9)], 'away')).toEqual({ before: 'm7', count: 3 })
    expect(dividerAfterArrival(placed, [text(9)], 'looking')).toBe(placed)
  })
})

describe('arrivals', () => {
  const former = [text(5), text(6)]

  it('are what stands behind the last known message', () => {
    expect(arrivedAtEnd(former, [...former, text(7), own(undefined)]).map((message) => message.key)).toEqual([
      'm7',
      'mwaiting',
    ])
  })

  it('are not the first look, not older messages, not another window', () => {
    expect(arrivedAtEnd([], former)).toEqual([])
    expect(arrivedAtEnd(former, [text(3), text(4), ...former])).toEqual([])
    expect(arrivedAtEnd(former, [text(90), text(91)])).toEqual([])
  })

  it('survive that the last own message has changed its place', () => {
    const waiting = own(undefined, { key: 'local' })
    expect(arrivedAtEnd([...former, waiting], [...former, text(7), own(8, { key: 'local' })])).toEqual([])
  })
})

describe('what waits below', () => {
  it('counts messages of others beyond what was on screen', () => {
    expect(countBelow([text(1), text(2), own(3), system(4), text(5), own(undefined)], 2)).toBe(1)
    expect(countBelow([text(1)], 1)).toBe(0)
  })

  it('knows the first and last numbered message', () => {
    const messages = [own(undefined), text(4), text(5), own(undefined)]
    expect([firstSeq(messages), lastSeq(messages), lastSeq(messages, 1), lastSeq(messages, 0)]).toEqual([
      4,
      5,
      4,
      undefined,
    ])
  })
})
