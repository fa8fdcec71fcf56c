/** Starts the worker and keeps what it says where the test can read it. */
const worker = new Worker('/worker.js', { type: 'module' })

function run(task: string): Promise<unknown> {
  return new Promise((resolve) => {
    worker.onmessage = (event) => {
      resolve(event.data)
    }
    worker.onerror = (event) => {
      resolve({ failed: event.message })
    }
    worker.postMessage(task)
  })
}

Object.assign(globalThis, { run })
