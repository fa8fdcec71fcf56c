/** Requests byte by byte: `fetch` would tidy them. */
import { connect } from 'node:net'

export interface RawAnswer {
  readonly status: number
  /** Lower-case names; every value that was sent under a name. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: string
  /** Everything, for what is not one answer. */
  readonly text: string
}

/**
 * Sends the bytes and reads until the server closes, or is silent for `quietMs`; with `first` only until the first answer
 * is complete, because a server that refused a body stays to throw the rest of it away.
 */
export function sendRaw(
  port: number,
  bytes: string,
  { quietMs = 1000, first = false } = {},
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect({ port, host: '127.0.0.1' })
    const done = (): void => {
      socket.destroy()
      resolve(parseAnswer(text))
    }
    socket.setTimeout(quietMs, done)
    socket.on('connect', () => socket.write(bytes, 'latin1'))
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (first && isComplete(parseAnswer(text))) done()
    })
    socket.on('error', done)
    socket.on('end', done)
  })
}

function isComplete({ headers, body }: RawAnswer): boolean {
  return body.length === Number(headers.get('content-length')?.[0] ?? Number.NaN)
}

export function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n')
  const [first = '', ...lines] = text.slice(0, end === -1 ? 0 : end).split('\r\n')
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? []
    headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), value])
  }
  return {
    status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0),
    headers,
    body: end === -1 ? '' : text.slice(end + 4),
    text,
  }
}

/** A plain request that ends its connection. */
export function getRequest(target: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = { Host: '127.0.0.1', Connection: 'close', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return [`GET ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n')
}
