/** How wide the list may be, in pixels. */
export const LIST_WIDTH = { min: 260, normal: 340, max: 520 } as const

const STEP = 20

export function clampWidth(width: number): number {
  if (!Number.isFinite(width)) return LIST_WIDTH.normal
  return Math.round(Math.min(LIST_WIDTH.max, Math.max(LIST_WIDTH.min, width)))
}

/** The width that a key on the divider leads to; undefined when the key means nothing there. */
export function widthForKey(key: string, width: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return clampWidth(width - STEP)
    case 'ArrowRight':
      return clampWidth(width + STEP)
    case 'Home':
      return LIST_WIDTH.min
    case 'End':
      return LIST_WIDTH.max
    default:
      return undefined
  }
}
