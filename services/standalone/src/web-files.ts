/**
 * The built web client, held in memory. Files under /assets carry a hash in their name and are kept by browsers for good;
 * everything else is asked for again each time. A path without a file is a place inside the app: it gets the shell.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { RequestListener, ServerResponse } from 'node:http'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { webFileTypes } from '@brieftaube/service-kit'
import { StartError } from './data-folder.ts'

interface WebFile {
  readonly type: string
  readonly bytes: Buffer
  readonly brotli: Buffer | undefined
  readonly etag: string
  readonly forGood: boolean
}

const compressible = new Set(['.html', '.js', '.css', '.json', '.webmanifest', '.svg', '.wasm', '.txt'])
const compress = promisify(brotliCompress)

/** Throws `StartError` when the client has not been built. */
export async function loadWebFiles(
  folder: string,
  headers: Readonly<Record<string, string>>,
): Promise<RequestListener> {
  const files = new Map<string, WebFile>()
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of names.filter((each) => each.isFile())) {
    const file = path.join(entry.parentPath, entry.name)
    const url = `/${path.relative(folder, file).split(path.sep).join('/')}`
    const loaded = await loadFile(file, url)
    if (loaded !== undefined) files.set(url, loaded)
  }
  const shell = files.get('/index.html')
  if (shell === undefined)
    throw new StartError(`The web client is not built (${folder} has no index.html). Run npm start.`)
  return (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return end(response, 405, { allow: 'GET, HEAD' })
    const pathname = pathOf(request.url)
    if (pathname === undefined) return end(response, 400)
    const file = files.get(pathname) ?? (isPlaceInApp(pathname) ? shell : undefined)
    if (file === undefined) return end(response, 404)
    sendFile(file, {
      response,
      head: request.method === 'HEAD',
      known: request.headers['if-none-match'],
      accepted: request.headers['accept-encoding'],
    })
  }
}

async function loadFile(file: string, url: string): Promise<WebFile | undefined> {
  const extension = path.extname(file)
  const type = webFileTypes[extension]
  if (type === undefined) return undefined
  const bytes = await readFile(file)
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 6 }
  const brotli =
    compressible.has(extension) && bytes.length > 512 ? await compress(bytes, { params: quality }) : undefined
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  return { type, bytes, brotli, etag, forGood: url.startsWith('/assets/') }
}

/** The path as it stands: nothing is decoded, so nothing can be smuggled; a path with an escape has no file here. */
function pathOf(url: string | undefined): string | undefined {
  const pathname = (url ?? '').split('?', 1)[0] ?? ''
  return pathname.startsWith('/') && !/[\\;]|\/\/|\/\.{1,2}(\/|$)|%(2f|5c|2e|00)/i.test(pathname)
    ? pathname
    : undefined
}

function isPlaceInApp(pathname: string): boolean {
  return (
    !pathname.startsWith('/assets/') &&
    !pathname.startsWith('/api/') &&
    path.extname(pathname.startsWith('/@') ? '' : pathname) === ''
  )
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-length': 0, ...headers }).end()
}

function sendFile(
  file: WebFile,
  to: {
    response: ServerResponse
    head: boolean
    known: string | undefined
    accepted: string | string[] | undefined
  },
): void {
  const { response } = to
  response.setHeader('cache-control', file.forGood ? 'public, max-age=31536000, immutable' : 'no-cache')
  response.setHeader('etag', file.etag)
  if (file.brotli !== undefined) response.setHeader('vary', 'accept-encoding')
  if (to.known === file.etag) return end(response, 304)
  const useBrotli = file.brotli !== undefined && /\bbr\b/.test(String(to.accepted ?? ''))
  const bytes = useBrotli ? (file.brotli ?? file.bytes) : file.bytes
  if (useBrotli) response.setHeader('content-encoding', 'br')
  response.writeHead(200, { 'content-type': file.type, 'content-length': bytes.length })
  response.end(to.head ? undefined : bytes)
}
