/** The address bar as a store: moving, going back, and links that move without loading. */
import { useMemo, useSyncExternalStore } from 'react'
import { parentOf, parseRoute, pathOf, type Route } from './routes.ts'

const moved = new EventTarget()

/** How many steps of this window's own lie behind the current one. */
function depth(): number {
  const state: unknown = history.state
  return typeof state === 'object' && state !== null && 'depth' in state && typeof state.depth === 'number'
    ? state.depth
    : 0
}

export interface MoveOptions {
  /** Takes the place of the current step. */
  readonly replace?: boolean | undefined
}

export function navigate(target: Route | string, options: MoveOptions = {}): void {
  const path = typeof target === 'string' ? target : pathOf(target)
  if (path === location.pathname) return
  if (options.replace === true) history.replaceState({ depth: depth() }, '', path)
  else history.pushState({ depth: depth() + 1 }, '', path)
  moved.dispatchEvent(new Event('move'))
}

/** One step back if it was a step of this window, else to `fallback`: a link from outside is no dead end. */
export function goBack(fallback: Route | string): void {
  if (depth() > 0) history.back()
  else navigate(fallback, { replace: true })
}

function subscribe(listener: () => void): () => void {
  moved.addEventListener('move', listener)
  window.addEventListener('popstate', listener)
  return () => {
    moved.removeEventListener('move', listener)
    window.removeEventListener('popstate', listener)
  }
}

export function useRoute(): Route {
  const path = useSyncExternalStore(subscribe, () => location.pathname)
  return useMemo(() => parseRoute(path), [path])
}

/** Lets plain links of this origin move without loading; returns the end of it. */
export function catchLinks(): () => void {
  function press(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (link === null || link.target !== '' || link.hasAttribute('download')) return
    const url = new URL(link.href, location.href)
    if (url.origin !== location.origin || url.hash !== '' || !link.hasAttribute('href')) return
    if (url.pathname.startsWith('/api/')) return
    event.preventDefault()
    navigate(url.pathname)
  }
  document.addEventListener('click', press)
  return () => document.removeEventListener('click', press)
}

/** Esc steps back where one pane is shown at a time, unless something nearer has used it; returns the end of it. */
export function watchEscape(): () => void {
  function press(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return
    if (!matchMedia('(max-width: 767px)').matches) return
    if (document.querySelector('dialog[open], [role=menu]:popover-open') !== null) return
    const parent = parentOf(parseRoute(location.pathname))
    if (parent !== undefined) goBack(parent)
  }
  document.addEventListener('keydown', press)
  return () => document.removeEventListener('keydown', press)
}
