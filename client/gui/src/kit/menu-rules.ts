/** Where a menu stands and where its focus goes. */

interface Bounds {
  readonly left: number
  readonly top: number
  readonly bottom: number
  readonly right: number
}
interface Size {
  readonly width: number
  readonly height: number
}

const GAP = 4
const MARGIN = 8

/** Below the anchor from its left edge; turned up or to the left where the window ends. */
export function placeMenu(anchor: Bounds, menu: Size, view: Size): { left: number; top: number } {
  const fitsRight = anchor.left + menu.width + MARGIN <= view.width
  const left = fitsRight ? anchor.left : anchor.right - menu.width
  const fitsBelow = anchor.bottom + GAP + menu.height + MARGIN <= view.height
  const top = fitsBelow ? anchor.bottom + GAP : anchor.top - GAP - menu.height
  return {
    left: Math.max(MARGIN, Math.min(left, view.width - menu.width - MARGIN)),
    top: Math.max(MARGIN, Math.min(top, view.height - menu.height - MARGIN)),
  }
}

/** The item that a key leads to; undefined when the key means nothing here. `current` is -1 for none. */
export function nextItem(key: string, current: number, labels: readonly string[]): number | undefined {
  const count = labels.length
  if (count === 0) return undefined
  switch (key) {
    case 'ArrowDown':
      return (current + 1) % count
    case 'ArrowUp':
      return (current <= 0 ? count : current) - 1
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return key.length === 1 && key !== ' ' ? byLetter(key, current, labels) : undefined
  }
}

function byLetter(letter: string, current: number, labels: readonly string[]): number | undefined {
  const wanted = letter.toLowerCase()
  for (let step = 1; step <= labels.length; step += 1) {
    const index = (Math.max(current, -1) + step) % labels.length
    if (labels[index]?.trim().toLowerCase().startsWith(wanted) === true) return index
  }
  return undefined
}
