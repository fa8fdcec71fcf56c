import { describe, expect, it } from 'vitest'
import { clampCrop, cropForKey, moveCrop, sideOf, wholeCrop } from '../../src/settings/crop.ts'

const wide = { width: 1000, height: 600 }

describe('the section of a picture', () => {
  it('begins as the largest square in the middle', () => {
    expect(wholeCrop(wide)).toEqual({ x: 500, y: 300, zoom: 1 })
    expect(sideOf(wide, wholeCrop(wide))).toBe(600)
  })

  it('never leaves the picture', () => {
    expect(clampCrop(wide, { x: 0, y: 0, zoom: 1 })).toEqual({ x: 300, y: 300, zoom: 1 })
    expect(clampCrop(wide, { x: 5000, y: 5000, zoom: 2 })).toEqual({ x: 850, y: 450, zoom: 2 })
    expect(clampCrop(wide, { x: 500, y: 300, zoom: 99 }).zoom).toBe(4)
  })

  it('follows the hand and the keys', () => {
    const moved = moveCrop(wide, wholeCrop(wide), { dx: 30, dy: 0, canvasSide: 300 })
    expect(moved.x).toBe(440)
    expect(cropForKey('ArrowRight', wide, wholeCrop(wide))?.x).toBe(530)
    expect(cropForKey('+', wide, wholeCrop(wide))?.zoom).toBeCloseTo(1.15)
    expect(cropForKey('Tab', wide, wholeCrop(wide))).toBeUndefined()
  })
})
