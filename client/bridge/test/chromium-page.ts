/** Real Chromium on pages that are bundled from a test's own entries and served on localhost, a secure origin. */
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type BrowserContext } from 'playwright-core'
import { build, type Rollup } from 'vite'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

export const chromiumIsHere = existsSync(executablePath)

export interface ChromiumPages extends AsyncDisposable {
  readonly url: string
  /** One profile: pages share storage, locks and channels. */
  readonly context: BrowserContext
}

/** `scripts`: served name → entry file; `/` is a page that loads `page.js`. */
export async function openChromium(scripts: Readonly<Record<string, string>>): Promise<ChromiumPages> {
  const files = new Map<string, string>()
  for (const [name, entry] of Object.entries(scripts)) files.set(`/${name}`, await bundle(entry))
  const server = createServer((request, response) => {
    const script = files.get(request.url ?? '')
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript')
    response.end(script ?? '<!doctype html><script type="module" src="/page.js"></script>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']
  const browser = await chromium.launch({ executablePath, args })
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    context: await browser.newContext(),
    async [Symbol.asyncDispose]() {
      await browser.close()
      server.closeAllConnections()
      server.close()
    },
  }
}

async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source'] },
    build: { write: false, minify: false, target: 'es2023', lib: { entry, formats: ['es'] } },
  })
  const [output] = (Array.isArray(result) ? result : [result]) as Rollup.RollupOutput[]
  return output?.output[0].code ?? ''
}
