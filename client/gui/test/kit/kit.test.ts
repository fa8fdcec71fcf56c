import { describe, expect, it } from 'vitest'
import { hueOf, initialsOf } from '../../src/kit/avatar-rules.ts'
import { nextItem, placeMenu } from '../../src/kit/menu-rules.ts'
import { clampWidth, LIST_WIDTH, widthForKey } from '../../src/kit/panes-rules.ts'

describe('an avatar', () => {
  it('shows one or two letters', () => {
    expect(initialsOf('Alice Brandt')).toBe('AB')
    expect(initialsOf('alice')).toBe('A')
    expect(initialsOf('Jonas von der Heide-Schönberger')).toBe('JS')
    expect(initialsOf('Verein „Frühling“')).toBe('V')
    expect(initialsOf('🎉 Party')).toBe('P')
    expect(initialsOf('👨‍👩‍👧')).toBe('👨‍👩‍👧')
    expect(initialsOf('')).toBe('?')
  })

  it('keeps its hue, and similar seeds get different ones', () => {
    expect(hueOf('alice')).toBe(hueOf('alice'))
    const hues = new Set(Array.from({ length: 24 }, (_, index) => hueOf(`seed-${index}`)))
    expect(hues.size).toBeGreaterThan(10)
    for (const hue of hues) expect(hue).toBeLessThan(360)
  })
})

describe('a menu', () => {
  const view = { width: 400, height: 600 }
  const menu = { width: 200, height: 150 }

  it('opens below its anchor and turns where the window ends', () => {
    const anchor = { left: 10, right: 54, top: 10, bottom: 54 }
    expect(placeMenu(anchor, menu, view)).toEqual({ left: 10, top: 58 })
    expect(placeMenu({ left: 350, right: 394, top: 560, bottom: 590 }, menu, view)).toEqual({
      left: 192,
      top: 406,
    })
  })

  it('never leaves the window', () => {
    const place = placeMenu(
      { left: 390, right: 390, top: 300, bottom: 300 },
      { width: 900, height: 900 },
      view,
    )
    expect(place).toEqual({ left: 8, top: 8 })
  })

  it('goes round with the arrows and to letters', () => {
    const labels = ['Antworten', 'Kopieren', 'Löschen']
    expect(nextItem('ArrowDown', 2, labels)).toBe(0)
    expect(nextItem('ArrowUp', 0, labels)).toBe(2)
    expect(nextItem('ArrowUp', -1, labels)).toBe(2)
    expect(nextItem('End', 0, labels)).toBe(2)
    expect(nextItem('k', 0, labels)).toBe(1)
    expect(nextItem('x', 0, labels)).toBeUndefined()
    expect(nextItem(' ', 0, labels)).toBeUndefined()
  })
})

describe('the width of the list', () => {
  it('stays within its limits', () => {
    expect(clampWidth(10)).toBe(LIST_WIDTH.min)
    expect(clampWidth(5000)).toBe(LIST_WIDTH.max)
    expect(clampWidth(Number.NaN)).toBe(LIST_WIDTH.normal)
    expect(widthForKey('ArrowRight', 340)).toBe(360)
    expect(widthForKey('Home', 340)).toBe(LIST_WIDTH.min)
    expect(widthForKey('a', 340)).toBeUndefined()
  })
})
