/** F6 moves between the regions of the window, Shift+F6 backwards. */

/** The region after `current` (-1 for none), going round. */
export function nextRegion(count: number, current: number, backwards: boolean): number {
  if (count === 0) return -1
  if (current < 0) return backwards ? count - 1 : 0
  return (current + (backwards ? -1 : 1) + count) % count
}

const lastFocused = new WeakMap<Element, HTMLElement>()

/** Remembers where the focus was in each region and reacts to F6; returns the end of it. */
export function watchRegions(): () => void {
  function remember(event: FocusEvent): void {
    if (!(event.target instanceof HTMLElement)) return
    const region = event.target.closest('[data-region]')
    if (region !== null && region !== event.target) lastFocused.set(region, event.target)
  }

  function press(event: KeyboardEvent): void {
    if (event.key !== 'F6' || event.ctrlKey || event.altKey || event.metaKey) return
    if (document.querySelector('dialog[open]') !== null) return
    event.preventDefault()
    const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
      (region) => region.getClientRects().length > 0,
    )
    const current = regions.findIndex((region) => region.contains(document.activeElement))
    const next = regions[nextRegion(regions.length, current, event.shiftKey)]
    if (next !== undefined) focusIn(next)
  }

  document.addEventListener('focusin', remember)
  document.addEventListener('keydown', press)
  return () => {
    document.removeEventListener('focusin', remember)
    document.removeEventListener('keydown', press)
  }
}

const FOCUSABLE = 'a[href], button, input, textarea, [tabindex="0"]'

/** Puts the focus where it was in the region, else on what begins it. */
export function focusIn(region: HTMLElement): void {
  const last = lastFocused.get(region)
  const target =
    last !== undefined && region.contains(last) && last.getClientRects().length > 0
      ? last
      : (region.querySelector<HTMLElement>(`[data-region-start], [aria-current]`) ??
        [...region.querySelectorAll<HTMLElement>(FOCUSABLE)].find(
          (element) => element.getClientRects().length > 0,
        ))
  ;(target ?? region).focus()
}
