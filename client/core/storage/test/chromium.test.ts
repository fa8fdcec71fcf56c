/** The same contract on real IndexedDB, in a worker of real Chromium, and how fast it is there. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumIsHere, openChromium, type ChromiumPages } from '../../../bridge/test/chromium-page.ts'
import { storeCases } from './store-contract.ts'

interface Result {
  readonly failed?: string
  readonly outcomes: readonly { readonly title: string; readonly error?: string }[]
  readonly lost: { readonly told: boolean; readonly code: string; readonly fresh: boolean }
  readonly times: Readonly<Record<string, number>>
}

describe.skipIf(!chromiumIsHere)('the store in Chromium', { timeout: 60_000 }, () => {
  let pages: ChromiumPages
  let result: Result

  beforeAll(async () => {
    const file = (name: string): string => fileURLToPath(new URL(`browser/${name}`, import.meta.url))
    pages = await openChromium({ 'page.js': file('store-page.ts'), 'worker.js': file('store-worker.ts') })
    const page = await pages.context.newPage()
    await page.goto(pages.url)
    result = await page.evaluate('run("all")')
    console.info('IndexedDB in Chromium, ms:', result.times)
  }, 180_000)

  afterAll(() => pages[Symbol.asyncDispose]())

  test.each(storeCases.map((each) => each.title))('%s', (title) => {
    expect(result.failed).toBeUndefined()
    const outcome = result.outcomes.find((each) => each.title === title)
    expect(outcome).toBeDefined()
    expect(outcome?.error).toBeUndefined()
  })

  test('says that everything is lost when the browser takes the database away', () => {
    expect(result.lost).toEqual({ told: true, code: 'storage-lost', fresh: true })
  })

  test('refuses a commit beyond the quota as a whole and keeps what was stored', async () => {
    // A profile of its own: Chromium remembers for a while how much room a used one had.
    const context = await pages.context.browser()?.newContext()
    const page = await context?.newPage()
    if (context === undefined || page === undefined) throw new Error('no browser')
    await page.goto(pages.url)
    const devtools = await context.newCDPSession(page)
    const origin = new URL(pages.url).origin
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 10_000_000 })
    const filled = await page.evaluate<{ code: string; accepted: number; kept: number }>('run("fill")')
    expect(filled.code).toBe('storage-full')
    expect(filled.accepted).toBeGreaterThan(0)
    expect(filled.kept).toBe(filled.accepted)
    await context.close()
  })

  test('opens a page of 100,000 messages and lists 1,000 conversations within what a screen may wait', () => {
    // Generous, because other work shares the machine; the printed figures are what counts.
    expect(result.times['50 lines before line 50,000']).toBeLessThan(100)
    expect(result.times['1,000 conversations, cold']).toBeLessThan(1000)
  })
})
