/// <reference lib="webworker" />
/**
 * Keeps the shell for offline use: the files of one build and nothing else. Answers of the server are never stored
 * here; what belongs to a person lies sealed in IndexedDB.
 */
import { clientsClaim } from 'workbox-core'
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
  type PrecacheEntry,
} from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: (string | PrecacheEntry)[] }

precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()
// Every place in the app is the same page; the API is none.
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/api\//] }))

// A new version waits until a window asks for it, so that nobody is reloaded while writing.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting()
})
clientsClaim()
