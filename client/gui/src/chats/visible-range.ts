/** What of a virtual list is on screen, from its measures alone. */

export interface ListMeasures {
  readonly scrollOffset: number
  readonly scrollSize: number
  readonly viewportSize: number
  findItemIndex(offset: number): number
  getItemOffset(index: number): number
  getItemSize(index: number): number
}

/** A message counts as seen when this much of it is on screen, or all of it. */
const SEEN_PX = 40
/** Nearer to the end than this is "at the end": new messages keep it there. */
const END_PX = 32

export interface VisibleRange {
  readonly first: number
  /** The last one of which enough is visible; -1 for none. */
  readonly last: number
  readonly atEnd: boolean
}

export function visibleRange(list: ListMeasures, count: number): VisibleRange {
  if (count === 0) return { first: -1, last: -1, atEnd: true }
  const bottom = list.scrollOffset + list.viewportSize
  const atEnd = bottom >= list.scrollSize - END_PX
  if (bottom >= list.scrollSize - 1)
    return { first: list.findItemIndex(list.scrollOffset), last: count - 1, atEnd }
  const edge = list.findItemIndex(bottom)
  const seen = bottom - list.getItemOffset(edge) >= Math.min(SEEN_PX, list.getItemSize(edge))
  return { first: list.findItemIndex(list.scrollOffset), last: seen ? edge : edge - 1, atEnd }
}
