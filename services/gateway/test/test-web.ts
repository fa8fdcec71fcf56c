/** A web client of a few files. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

export const shell = '<!doctype html><title>Brieftaube</title>'

export async function createTestWeb(): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'brieftaube-web-'))
  await mkdir(path.join(folder, 'assets'))
  const files = {
    'index.html': shell,
    'service-worker.js': 'addEventListener("install", () => undefined)',
    'manifest.webmanifest': '{"name":"Brieftaube"}',
    'assets/index-D_DYqNR5.js': `console.log(${JSON.stringify('coo '.repeat(500))})`,
    'assets/app-BuoKLDEj.wasm': 'wasm',
  }
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text)
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
