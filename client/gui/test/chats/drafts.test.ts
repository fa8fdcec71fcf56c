import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeDraftKeeper } from '../../src/chats/drafts.ts'

describe('a draft', () => {
  const saved: string[] = []
  const keeper = () => makeDraftKeeper('', (text) => saved.push(text))
  beforeEach(() => {
    saved.length = 0
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is saved once after a pause in writing', () => {
    const draft = keeper()
    for (const text of ['H', 'Ha', 'Hal', 'Hallo']) draft.changed(text)
    expect(saved).toEqual([])
    vi.advanceTimersByTime(500)
    expect(saved).toEqual(['Hallo'])
  })

  it('is saved at once when the chat is left, and not twice', () => {
    const draft = keeper()
    draft.changed('Hallo')
    draft.flush()
    vi.advanceTimersByTime(500)
    expect(saved).toEqual(['Hallo'])
  })

  it('keeps a text until the core has taken it, in front of what is written meanwhile', () => {
    const draft = keeper()
    draft.changed('Erster')
    draft.flush()
    const taken = draft.sending('Erster')
    draft.changed('Zweiter')
    draft.flush()
    expect(saved).toEqual(['Erster', 'Erster\nZweiter'])
    taken.accepted()
    expect(saved.at(-1)).toBe('Zweiter')
  })

  it('gets a refused text back, also when the chat has been left meanwhile', () => {
    const draft = keeper()
    const sending = draft.sending('Erster')
    draft.changed('Zweiter')
    draft.flush()
    expect(sending.refused()).toBe('Erster\nZweiter')
    expect(saved.at(-1)).toBe('Erster\nZweiter')
    expect(saved).not.toContain('')
  })
})
