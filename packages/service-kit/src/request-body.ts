/** Strict reading of request bodies: declared form, bounded size, valid UTF-8, and no key that could reach a prototype. */
import type { IncomingMessage } from 'node:http'
import { decodeText, limits, ProtocolError, type Bytes, type Route } from '@brieftaube/protocol'

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])
const noBytes: Bytes = new Uint8Array(0)

/** Throws `malformed` or `too-large`. */
export async function readBody(
  request: IncomingMessage,
  route: Route,
): Promise<{ body: unknown; bytes: Bytes }> {
  if (route.requestForm === 'none') {
    if (hasBody(request)) throw new ProtocolError('malformed', 'This request takes no body.')
    return { body: undefined, bytes: noBytes }
  }
  checkForm(request, route.requestForm)
  const bytes = await readBytes(request, route.maxRequestBytes ?? limits.jsonBodyMaxBytes)
  if (route.requestForm === 'bytes') return { body: undefined, bytes }
  return { body: parseBody(route, parseJson(bytes)), bytes: noBytes }
}

function hasBody(request: IncomingMessage): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  )
}

function checkForm(request: IncomingMessage, form: 'json' | 'bytes'): void {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';')
  const expected = form === 'json' ? 'application/json' : 'application/octet-stream'
  const sound = parameters.every((each) => each.trim() === 'charset=utf-8')
  if (type.trim() !== expected || !sound) {
    throw new ProtocolError('malformed', `The content type must be ${expected}.`)
  }
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new ProtocolError('malformed', 'Compressed bodies are not accepted.')
  }
}

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Bytes> {
  const tooLarge = () => new ProtocolError('too-large', `At most ${maxBytes} bytes.`)
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  // `destroyOnReturn` would cut the connection before the answer is out
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

/** Throws `malformed`. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decodeText(bytes), (key, value: unknown) => {
      if (forbiddenKeys.has(key)) throw new SyntaxError('forbidden key')
      return value
    })
  } catch (cause) {
    throw new ProtocolError('malformed', 'The body is not valid JSON.', { cause })
  }
}

function parseBody(route: Route, json: unknown): unknown {
  const parsed = route.request.safeParse(json)
  if (parsed.success) return parsed.data
  const field = parsed.error.issues[0]?.path.map(String).join('.') ?? ''
  // the field's name comes from the schema, so it gives nothing of the input back
  throw new ProtocolError(
    'malformed',
    field === '' ? 'The body does not fit.' : `The body does not fit at ${field}.`,
  )
}
