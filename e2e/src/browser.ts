/** Real Chromium: one persistent profile per person and device, so that a restart finds what was stored. */
import { chromium, type BrowserContext, type Page } from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // several windows on one screen: none of them may be put to sleep
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
]

export interface ProfileOptions {
  readonly folder: string
  readonly locale?: 'de-DE' | 'en-GB' | undefined
  readonly viewport?: { width: number; height: number } | undefined
  readonly colorScheme?: 'light' | 'dark' | undefined
  /** More of Chromium's own flags. */
  readonly flags?: readonly string[] | undefined
}

export interface Profile extends AsyncDisposable {
  readonly context: BrowserContext
  readonly page: Page
  /** Errors that the page or its workers wrote; a story that ends with some has failed. */
  readonly complaints: readonly string[]
}

/** Failed requests are the business of the stories; a violated policy or an uncaught error is not. */
const expected = /Failed to load resource|net::ERR_|WebSocket connection to/

export async function openProfile(options: ProfileOptions): Promise<Profile> {
  const context = await chromium.launchPersistentContext(options.folder, {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: [...flags, ...(options.flags ?? [])],
    locale: options.locale ?? 'de-DE',
    viewport: options.viewport ?? { width: 1280, height: 800 },
    colorScheme: options.colorScheme ?? 'light',
    timeout: 60_000,
  })
  const complaints: string[] = []
  context.on('weberror', (error) => complaints.push(String(error.error())))
  context.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) complaints.push(message.text())
  })
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(30_000)
  return { context, page, complaints, [Symbol.asyncDispose]: () => context.close() }
}
