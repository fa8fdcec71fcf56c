/** A port for a process that is started right afterwards, and perhaps once more on the same one. */
import { createServer } from 'node:net'

/** Below those that systems give to outgoing connections (Linux from 32768, RFC 6335 from 49152), which would take it. */
const LOWEST = 20_000
const HIGHEST = 32_000
const ATTEMPTS = 100

/** Of 127.0.0.1. Rejects when none of many is free. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (await isFree(port)) return port
  }
  throw new Error('no free port')
}

/** Of 127.0.0.1, at this moment. */
export function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
