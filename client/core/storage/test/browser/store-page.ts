/** Starts the worker and keeps what it says where the test can read it. */
const worker = new Worker('/worker.js', { type: 'module' })
worker.onmessage = (event) => Object.assign(globalThis, { result: event.data as unknown })
worker.onerror = (event) => Object.assign(globalThis, { result: { failed: event.message } })
