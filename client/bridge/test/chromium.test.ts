/** Real tabs of one Chromium profile, with real locks, channels, workers and IndexedDB. */
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { chromiumIsHere, openChromium, type ChromiumPages } from './chromium-page.ts'

describe.skipIf(!chromiumIsHere)('tabs in Chromium', { timeout: 60_000 }, () => {
  let pages: ChromiumPages

  beforeAll(async () => {
    const file = (name: string): string => fileURLToPath(new URL(`browser/${name}`, import.meta.url))
    pages = await openChromium({ 'page.js': file('tab-page.ts'), 'worker.js': file('tab-worker.ts') })
  }, 60_000)

  afterAll(() => pages[Symbol.asyncDispose]())

  async function openTab(): Promise<Page> {
    const page = await pages.context.newPage()
    await page.goto(pages.url)
    return page
  }
  const lastShown = (page: Page): Promise<string[]> => page.evaluate('tab.shown.at(-1) ?? []')

  const ends: readonly [string, (page: Page) => Promise<unknown>][] = [
    ['is closed', (page) => page.close()],
    ['crashes', (page) => page.goto('chrome://crash').catch(() => undefined)],
  ]

  test.each(ends)(
    'take over within a second when the writing tab %s, with nothing lost and nothing twice',
    async (_how, end) => {
      for (const page of pages.context.pages()) await page.close()
      const writer = await openTab()
      await writer.waitForFunction('tab.shown.length > 0')
      const earlier = await lastShown(writer)
      await writer.evaluate(`tab.send("from the writer ${earlier.length}")`)
      const follower = await openTab()
      const third = await openTab()
      await third.evaluate(`tab.send("from the third ${earlier.length}")`)
      await follower.evaluate(`void tab.startFlood("flood ${earlier.length}")`)
      await follower.waitForFunction('tab.flood.sent.length > 20')
      await end(writer)
      const before = await follower.evaluate<number>('tab.flood.sent.length')
      await follower.waitForFunction(`tab.flood.sent.length > ${before + 20}`)
      await follower.evaluate('tab.flood.running = false')
      const { sent, longestMs } = await follower.evaluate<{ sent: string[]; longestMs: number }>('tab.flood')
      console.info(`takeover in Chromium: ${Math.round(longestMs)} ms`)
      expect(longestMs).toBeLessThan(1000)
      const expected = [
        ...earlier,
        `from the writer ${earlier.length}`,
        `from the third ${earlier.length}`,
        ...sent,
      ]
      for (const page of [follower, third]) {
        await vi.waitFor(async () => {
          expect(await lastShown(page)).toEqual(expected)
        })
      }
      expect(await follower.evaluate('Math.max(...tab.answered.values())')).toBe(1)
      const sizes = await third.evaluate<number[]>('tab.shown.map((lines) => lines.length)')
      expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
    },
  )

  test('go on after all were closed and one is opened again', async () => {
    for (const page of pages.context.pages()) await page.close()
    const page = await openTab()
    await page.evaluate('tab.send("later")')
    const lines = await lastShown(page)
    expect(lines[0]).toBe('from the writer 0')
    expect(lines.at(-1)).toBe('later')
  })

  test('go on when the writer navigates away and comes back', async () => {
    const writer = pages.context.pages()[0]
    const follower = await openTab()
    await follower.evaluate('tab.send("together")')
    await writer?.goto('about:blank')
    await follower.evaluate('tab.send("alone")')
    await writer?.goBack()
    await writer?.waitForFunction('tab.shown.at(-1)?.at(-1) === "alone"')
    await writer?.evaluate('tab.send("back")')
    await vi.waitFor(async () => {
      expect((await lastShown(follower)).slice(-3)).toEqual(['together', 'alone', 'back'])
    })
  })
})
