/** The window: draws over the core that runs in this tab's worker. */
import { connectCore } from '@brieftaube/bridge'
import { createRoot } from 'react-dom/client'
import coreWorkerUrl from '../../core/src/worker.ts?worker&url'
import './app/tokens.css'
import './app/base.css'
import { App } from './app/app.tsx'
import { scriptUrl } from './app/script-url.ts'
import { StartFailure } from './app/start-failure.tsx'
import { registerServiceWorker } from './app/update.ts'
import { makeViewCache } from './core/view-cache.ts'

const element = document.getElementById('root')
if (element === null) throw new Error('index.html has no root')
const root = createRoot(element)

const worker = new Worker(scriptUrl(coreWorkerUrl), { type: 'module', name: 'brieftaube' })
const client = connectCore(worker, {
  onFailure: (failure) => root.render(<StartFailure failure={failure} />),
})
root.render(<App access={{ client, views: makeViewCache(client) }} />)

if (import.meta.env.PROD) void registerServiceWorker(scriptUrl('/service-worker.js')).catch(() => undefined)
