/** A malicious server, played between one client and the real one: it rewrites answers and live events. */
import type { Fetch, Socket, SocketEvents } from '@brieftaube/server'
import { decodeEntries, encodeEntries, type Bytes, type Entry } from '@brieftaube/protocol'

export interface Middle {
  readonly fetch: Fetch
  readonly wrapSocket: (socket: Socket) => Socket
  /** Rewrites the bytes of answers whose path matches; the last rule for a pattern counts. */
  onReply(pattern: RegExp, rewrite: (bytes: Bytes, url: string) => Bytes | Promise<Bytes>): void
  /** Rewrites requests: answers another URL. */
  onRequest(rewrite: (url: string) => string): void
  /** Every entry on its way to the client, live or read; it may become none, another, or several. */
  onEntry(rewrite: (entry: Entry, live: boolean) => readonly Entry[]): void
  /** Hands the client a live event of our own making. */
  inject<Name extends keyof SocketEvents>(name: Name, event: SocketEvents[Name]): void
  /** Honest again. */
  behave(): void
}

export function createMiddle(): Middle {
  const rules = new Map<RegExp, (bytes: Bytes, url: string) => Bytes | Promise<Bytes>>()
  const listeners = new Map<string, Set<(event: never) => void>>()
  let rewriteUrl = (url: string) => url
  let rewriteEntry = (entry: Entry, _live: boolean): readonly Entry[] => [entry]
  const logPath = /\/log\?/

  async function rewriteReply(url: string, bytes: Bytes): Promise<Bytes> {
    let rewritten = bytes
    if (logPath.test(url))
      rewritten = encodeEntries(decodeEntries(bytes).flatMap((entry) => rewriteEntry(entry, false)))
    for (const [pattern, rewrite] of rules) if (pattern.test(url)) rewritten = await rewrite(rewritten, url)
    return rewritten
  }

  return {
    fetch: async (url, init) => {
      const response = await fetch(rewriteUrl(url), init)
      if (!response.ok) return response
      const bytes = new Uint8Array(await response.arrayBuffer())
      const { status, headers } = response
      return new Response(bytes.length === 0 && status === 204 ? null : await rewriteReply(url, bytes), {
        status,
        headers,
      })
    },
    wrapSocket: (socket) => ({
      ...socket,
      state: () => socket.state(),
      on: (name, listener) => {
        const known = listeners.get(name) ?? new Set()
        listeners.set(name, known.add(listener))
        if (name !== 'entry') return socket.on(name, listener)
        const forward = listener as (entry: Entry) => void
        return socket.on('entry', (entry) => {
          for (const each of rewriteEntry(entry, true)) forward(each)
        })
      },
      [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose](),
    }),
    onReply: (pattern, rewrite) => void rules.set(pattern, rewrite),
    onRequest: (rewrite) => void (rewriteUrl = rewrite),
    onEntry: (rewrite) => void (rewriteEntry = rewrite),
    inject: (name, event) => {
      for (const listener of listeners.get(name) ?? []) (listener as (event: unknown) => void)(event)
    },
    behave: () => {
      rules.clear()
      rewriteUrl = (url) => url
      rewriteEntry = (entry) => [entry]
    },
  }
}
