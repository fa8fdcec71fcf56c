/**
 * The service worker keeps the shell for offline use. A new version waits until somebody takes it, or until no window
 * is left: nobody loses a draft to an update.
 */

type Listener = (waiting: boolean) => void

let waiting: ServiceWorker | undefined
let asked = false
const listeners = new Set<Listener>()

/** How often a window that stays open asks for a new version. */
const LOOK_MS = 60 * 60 * 1000

/** `url` is a `TrustedScriptURL` where the browser demands one. */
export async function registerServiceWorker(url: string): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const registration = await navigator.serviceWorker.register(url, {
    type: 'classic',
    updateViaCache: 'none',
  })
  if (registration.waiting !== null && navigator.serviceWorker.controller !== null)
    setWaiting(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && navigator.serviceWorker.controller !== null) setWaiting(worker)
    })
  })
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (asked) location.reload()
  })
  setInterval(() => void registration.update().catch(() => undefined), LOOK_MS)
}

function setWaiting(worker: ServiceWorker): void {
  waiting = worker
  for (const listener of listeners) listener(true)
}

export function watchUpdate(listener: Listener): () => void {
  listeners.add(listener)
  listener(waiting !== undefined)
  return () => listeners.delete(listener)
}

/** Reloads into the waiting version. */
export function takeUpdate(): void {
  asked = true
  waiting?.postMessage('take-over')
}
