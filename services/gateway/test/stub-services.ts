/** Stand-ins for both services that write down what reaches them. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { gatewayTicketPath, gatewayTokenPath } from '@brieftaube/protocol'

export interface Seen {
  readonly service: 'auth' | 'chat'
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly body: string
}

export interface StubServices extends AsyncDisposable {
  readonly upstreams: { readonly auth: readonly string[]; readonly chat: readonly string[] }
  /** Requests that got through, without the gateway's own questions. */
  readonly seen: Seen[]
  /** The gateway's own questions. */
  readonly checks: Seen[]
  /** What those are answered. */
  verdict: number
  /** What everything else is answered. */
  answer: { status: number; headers: Record<string, string>; body: string }
}

export async function startStubServices(): Promise<StubServices> {
  const servers = { auth: createServer(), chat: createServer() }
  const stub: StubServices = {
    upstreams: { auth: [], chat: [] },
    seen: [],
    checks: [],
    verdict: 204,
    answer: { status: 200, headers: {}, body: 'through' },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(Object.values(servers).map(stop))
    },
  }
  const addresses = { auth: [''], chat: [''] }
  for (const service of ['auth', 'chat'] as const) {
    const server = servers[service]
    server.on('request', (request, response) => {
      const { method = '', url = '', headers, rawHeaders } = request
      void text(request).then(
        (body) => {
          const isCheck = [gatewayTokenPath, gatewayTicketPath].includes(url)
          const list = isCheck ? stub.checks : stub.seen
          list.push({ service, method, url, headers, rawHeaders, body })
          if (isCheck) response.writeHead(stub.verdict).end()
          else
            response
              .writeHead(stub.answer.status, {
                'content-length': Buffer.byteLength(stub.answer.body),
                ...stub.answer.headers,
              })
              .end(stub.answer.body)
        },
        () => undefined,
      )
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    addresses[service] = [`127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`]
  }
  return Object.assign(stub, { upstreams: addresses })
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
