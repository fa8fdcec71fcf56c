/** The REST client against a server in the same process that is nothing but a function. */
import { authRoutes, chatRoutes, ProtocolError } from '@brieftaube/protocol'
import { createApi, createCookieJar, OfflineError, type Clock, type Fetch } from '@brieftaube/server'
import { describe, expect, test } from 'vitest'
import { phone, room, sessionAt } from './tokens.ts'

const DAY = 86_400_000

function clockAt(start: number): Clock & { pass(ms: number): void } {
  let now = start
  return {
    now: () => now,
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs)
      return () => {
        clearTimeout(timer)
      }
    },
    pass(ms) {
      now += ms
    },
  }
}

interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: unknown
}

/** Answers refreshes itself; the rest is up to `answer`. */
function serverThat(answer: (seen: Seen) => Response | Promise<Response>, clock = clockAt(1_000_000)) {
  const seen: Seen[] = []
  const refreshes: number[] = []
  const fetch: Fetch = async (url, init) => {
    const path = url.replace('https://server.test', '')
    const headers = init.headers as Record<string, string>
    const call = { method: init.method ?? '', path, headers, body: init.body }
    init.signal?.throwIfAborted()
    await Promise.resolve()
    if (path === authRoutes.tokenRefresh.path) {
      refreshes.push(clock.now())
      return server.answerRefresh()
    }
    seen.push(call)
    return answer(call)
  }
  const server = {
    api: createApi({ baseUrl: 'https://server.test', fetch, clock }),
    seen,
    refreshes,
    clock,
    answerRefresh: (): Response => json(sessionAt(clock.now(), refreshes.length)),
  }
  return server
}

function json(body: unknown, init?: ResponseInit): Response {
  return new Response(JSON.stringify(body), init)
}

function refusal(status: number, body: unknown): Response {
  return json(body, { status })
}

const ticketReply = { ticket: 't', expiresAt: 1 }

describe('the REST client', () => {
  test('fills in path, query, token and body, and reads JSON and bytes', async () => {
    const { api, seen } = serverThat((call) =>
      call.method === 'GET' ? new Response(Uint8Array.of(1, 2)) : json({}),
    )
    const page = await api.call(chatRoutes.logPage, {
      params: { conversation: room },
      query: { after: 7, limit: 50 },
    })
    expect([...page]).toEqual([1, 2])
    await api.call(authRoutes.deviceRename, { params: { device: phone }, body: { name: 'Küche' } })
    expect(seen[0]?.path).toBe(`/api/chat/conversations/${room}/log?after=7&limit=50`)
    expect(seen[0]?.headers['authorization']).toMatch(/^Bearer e30\./)
    expect(seen[1]?.body).toBe('{"name":"Küche"}')
  })

  test('refreshes once for many calls that begin together, and not again while the token is good', async () => {
    const { api, refreshes, clock } = serverThat(() => json(ticketReply))
    await Promise.all(Array.from({ length: 8 }, () => api.call(authRoutes.socketTicket)))
    clock.pass(500_000)
    await api.call(authRoutes.socketTicket)
    expect(refreshes).toHaveLength(1)
    clock.pass(60_000)
    await api.call(authRoutes.socketTicket)
    expect(refreshes).toHaveLength(2)
  })

  test.each([-DAY, DAY])(
    'does not refresh at every call when the clock is wrong by %d ms',
    async (wrongBy) => {
      const clock = clockAt(1_700_000_000_000)
      const server = serverThat(() => json(ticketReply), clock)
      server.api.setSession(sessionAt(clock.now() + wrongBy, 1))
      for (let n = 0; n < 5; n++) await server.api.call(authRoutes.socketTicket)
      expect(server.refreshes).toHaveLength(0)
    },
  )

  test('asks for a new token once when the server refuses the old one', async () => {
    let refused = 0
    const { api, seen, refreshes } = serverThat((call) => {
      const first = call.headers['authorization'] === seen[0]?.headers['authorization']
      if (first) refused++
      return first ? refusal(401, { code: 'unauthenticated', message: 'old' }) : json(ticketReply)
    })
    await Promise.all([api.call(authRoutes.socketTicket), api.call(authRoutes.socketTicket)])
    expect(refused).toBe(2)
    expect(refreshes).toHaveLength(2)
  })

  test.each([
    ['unauthenticated', 'expired'],
    ['device-revoked', 'revoked'],
  ])('says so once when a refresh is answered with %s, and forgets the session', async (code, reason) => {
    const server = serverThat(() => refusal(401, { code: 'unauthenticated', message: 'gone' }))
    server.api.setSession(sessionAt(1_000_000, 1))
    server.answerRefresh = () => refusal(401, { code, message: 'no' })
    const reasons: string[] = []
    server.api.onSignedOut((each) => reasons.push(each))
    const calls = [server.api.call(authRoutes.socketTicket), server.api.call(authRoutes.socketTicket)]
    for (const call of calls) await expect(call).rejects.toMatchObject({ code })
    expect(reasons).toEqual([reason])
    expect(server.api.session()).toBeUndefined()
  })

  test.each([
    refusal(403, { code: 'forbidden', message: 'This page may not call this server.' }),
    new Response('<html>401 from a proxy</html>', { status: 401 }),
    refusal(503, { code: 'unavailable', message: 'm' }),
  ])('keeps the session when a refresh fails for another reason (%#)', async (answer) => {
    const server = serverThat(() => json(ticketReply))
    server.answerRefresh = () => answer
    const reasons: string[] = []
    server.api.onSignedOut((each) => reasons.push(each))
    await expect(server.api.call(authRoutes.socketTicket)).rejects.toBeInstanceOf(ProtocolError)
    expect(reasons).toEqual([])
  })

  test('keeps the session when the network is away during a refresh', async () => {
    const api = createApi({ baseUrl: '', fetch: () => Promise.reject(new TypeError('failed to fetch')) })
    const reasons: string[] = []
    api.onSignedOut((reason) => reasons.push(reason))
    await expect(api.call(authRoutes.socketTicket)).rejects.toBeInstanceOf(OfflineError)
    expect(reasons).toEqual([])
  })

  test('turns refusals into codes with head and waiting time, with or without our body', async () => {
    const head = { generation: 0, epoch: 3, seq: 9 }
    const answers = [
      refusal(409, { code: 'stale-epoch', message: 'm', head }),
      json({ code: 'rate-limited', message: 'm' }, { status: 429, headers: { 'retry-after': '3' } }),
      new Response('<html>bad gateway</html>', { status: 502 }),
      json({ code: 'no-such-code' }, { status: 418 }),
      json({ not: 'a ticket' }),
    ]
    const { api } = serverThat(() => answers.shift() ?? json({}))
    await expect(api.call(authRoutes.socketTicket)).rejects.toMatchObject({ code: 'stale-epoch', head })
    await expect(api.call(authRoutes.socketTicket)).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 3000,
    })
    await expect(api.call(authRoutes.socketTicket)).rejects.toMatchObject({ code: 'unavailable' })
    await expect(api.call(authRoutes.socketTicket)).rejects.toMatchObject({ code: 'internal' })
    await expect(api.call(authRoutes.socketTicket)).rejects.toMatchObject({ code: 'internal' })
  })

  test('gives up after its time, and at once when it is told to', async () => {
    const fetch: Fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => {
          reject(init.signal?.reason as Error)
        })
      })
    const api = createApi({ baseUrl: '', fetch })
    await expect(api.call(authRoutes.serverInfo, { timeoutMs: 20 })).rejects.toBeInstanceOf(OfflineError)
    const abort = new AbortController()
    const call = api.call(authRoutes.serverInfo, { signal: abort.signal })
    abort.abort(new Error('not needed any more'))
    await expect(call).rejects.toThrow('not needed')
  })

  test('keeps cookies where no browser does, until they end', () => {
    const jar = createCookieJar()
    jar.take(['__Host-a=1; Path=/; Secure', 'b=2=3; HttpOnly'])
    expect(jar.header()).toBe('__Host-a=1; b=2=3')
    jar.take(['__Host-a=; Max-Age=0', 'b=x; max-age=0'])
    expect(jar.header()).toBeUndefined()
  })
})
