/**
 * What stands in front of several chat processes: each request goes to the next one in turn, and where nobody answers the
 * call, to the one after. No session sticks to a process; sockets have one that they try first, so that a test can say
 * who is where.
 */
import { createServer, request as dial, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'

export interface Balancer extends AsyncDisposable {
  readonly url: string
  /** How many sockets are open to each. */
  sockets(): number[]
  /** Cuts the sockets. */
  cut(): void
}

export interface Behind {
  readonly auth: number
  readonly chats: readonly number[]
  /** Where sockets go first; requests go anywhere. */
  readonly socketsTo: number
}

export async function startBalancer({ auth, chats, socketsTo }: Behind): Promise<Balancer> {
  const open = chats.map(() => new Set<Socket>())
  let turn = 0
  const inTurn = (): number[] => {
    turn++
    return chats.map((_, index) => (turn + index) % chats.length)
  }
  const server = createServer((request, response) => {
    const isForChat = request.url?.startsWith('/api/chat/') === true
    const ports = isForChat ? inTurn().map((index) => chats[index] ?? 0) : [auth]
    void readAll(request).then((body) => forward(request, body, response, ports))
  })
  server.on('upgrade', (request, client: Socket, head) => {
    const order = [socketsTo, ...inTurn()]
    void callFirst(order.map((index) => chats[index] ?? 0)).then((call) => {
      if (call === undefined) {
        client.destroy()
        return
      }
      const sockets = open[order[call.place] ?? 0]
      sockets?.add(client)
      client.on('close', () => sockets?.delete(client))
      join(client, call.server, Buffer.concat([headOf(request), head]))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${String(port)}`,
    sockets: () => open.map((each) => each.size),
    cut: () => {
      for (const socket of open.flatMap((each) => [...each])) socket.destroy()
    },
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await Promise.resolve()
    },
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Only a call that nobody took goes to the next: what was sent may have been done. */
function forward(
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  [port, ...others]: readonly number[],
): void {
  if (port === undefined) {
    response.writeHead(502).end()
    return
  }
  const { method, url, headers } = request
  const onward = dial({ host: '127.0.0.1', port, method, path: url, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    answer.pipe(response)
    answer.on('error', () => response.destroy())
  })
  onward.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') forward(request, body, response, others)
    else if (response.headersSent) response.destroy()
    else response.writeHead(502).end()
  })
  onward.end(body)
}

async function callFirst(
  ports: readonly number[],
): Promise<{ readonly server: Socket; readonly place: number } | undefined> {
  for (const [place, port] of ports.entries()) {
    const server = connect(port, '127.0.0.1')
    const isTaken = await new Promise<boolean>((resolve) => {
      server.once('connect', () => resolve(true))
      server.once('error', () => resolve(false))
    })
    if (isTaken) return { server, place }
  }
  return undefined
}

function headOf({ method, url, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method ?? 'GET'} ${url ?? '/'} HTTP/1.1`]
  for (let at = 0; at < rawHeaders.length; at += 2)
    lines.push(`${rawHeaders[at] ?? ''}: ${rawHeaders[at + 1] ?? ''}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

function join(client: Socket, server: Socket, first: Buffer): void {
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    from.setNoDelay(true)
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
    from.pipe(to)
  }
  server.write(first)
}
