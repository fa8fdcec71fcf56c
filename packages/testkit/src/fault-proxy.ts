/** A TCP proxy between client and server that misbehaves on demand. */
import { connect, createServer, type Socket } from 'node:net'

export interface FaultProxy extends AsyncDisposable {
  readonly port: number
  readonly url: string
  /** Each chunk is this late, in both directions. */
  latencyMs: number
  /** Cuts every connection now (RST). */
  cut(): void
  /** Nothing passes any more on the connections that are open, and nobody is told. */
  freeze(): void
  /** New connections are refused until `accept`. */
  refuse(): void
  accept(): void
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  frozen: boolean
}

export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const pairs = new Set<Pair>()
  let refusing = false
  let latencyMs = 0
  const listener = createServer((client) => {
    if (refusing) {
      client.resetAndDestroy()
      return
    }
    const server = connect(targetPort, '127.0.0.1')
    const pair: Pair = { client, server, frozen: false }
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    pipe(client, server, pair)
    pipe(server, client, pair)
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      socket.on('error', end)
      socket.on('close', end)
    }
  })

  function pipe(from: Socket, to: Socket, pair: Pair): void {
    let before = Promise.resolve()
    from.on('data', (chunk) => {
      // a chunk that may be faster than the one before does not overtake it
      before = Promise.all([before, late()]).then(() => {
        if (!pair.frozen && !to.destroyed) to.write(chunk)
      })
    })
  }

  function late(): Promise<void> | undefined {
    const delayMs = latencyMs
    return delayMs === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, delayMs))
  }

  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const cut = () => {
    for (const { client, server } of pairs) {
      client.resetAndDestroy()
      server.resetAndDestroy()
    }
    pairs.clear()
  }
  return {
    port,
    url: `http://127.0.0.1:${String(port)}`,
    get latencyMs() {
      return latencyMs
    },
    set latencyMs(value) {
      latencyMs = value
    },
    cut,
    freeze: () => {
      for (const pair of pairs) pair.frozen = true
    },
    refuse: () => {
      refusing = true
    },
    accept: () => {
      refusing = false
    },
    [Symbol.asyncDispose]: async () => {
      cut()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}
