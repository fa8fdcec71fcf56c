import { describe, expect, it } from 'vitest'
import { nextRegion } from '../../src/app/regions.ts'
import { shortcutOf } from '../../src/app/shortcuts.ts'

const plain = { key: '', ctrlKey: false, metaKey: false, altKey: false }

describe('shortcuts of the window', () => {
  it('open the quick switcher with Ctrl+K and Cmd+K, even while typing', () => {
    expect(shortcutOf({ ...plain, key: 'k', ctrlKey: true }, true)).toBe('switcher')
    expect(shortcutOf({ ...plain, key: 'K', metaKey: true }, false)).toBe('switcher')
    expect(shortcutOf({ ...plain, key: 'k' }, false)).toBeUndefined()
  })

  it('leave a question mark to the text that is being typed', () => {
    expect(shortcutOf({ ...plain, key: '?' }, false)).toBe('shortcuts')
    expect(shortcutOf({ ...plain, key: '?' }, true)).toBeUndefined()
  })
})

describe('F6', () => {
  it('goes round the regions in both directions', () => {
    expect(nextRegion(3, 0, false)).toBe(1)
    expect(nextRegion(3, 2, false)).toBe(0)
    expect(nextRegion(3, 0, true)).toBe(2)
  })

  it('begins at the first or the last when the focus is nowhere', () => {
    expect(nextRegion(3, -1, false)).toBe(0)
    expect(nextRegion(3, -1, true)).toBe(2)
    expect(nextRegion(0, -1, false)).toBe(-1)
  })
})
