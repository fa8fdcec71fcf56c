/** Tabs that are killed, frozen, put into the back-forward cache and opened at random, while all of them write. */
import { expect, test, vi } from 'vitest'
import { FakeBrowser } from './fake-browser.ts'
import { open, send, texts, type Tab } from './tabs.ts'
import { createToyDisk } from './toy-core.ts'

test.each([1, 2, 3, 4, 5, 6])(
  'every command is answered exactly once and all tabs show the same (seed %d)',
  async (seed) => {
    await storm(seeded(seed))
  },
  30_000,
)

async function storm(random: () => number): Promise<void> {
  const [browser, disk] = [new FakeBrowser(random), createToyDisk()]
  const pauseMs = (): number => random() * 3
  let tabs = [
    open(browser, disk, { pauseMs }),
    open(browser, disk, { pauseMs }),
    open(browser, disk, { pauseMs }),
  ]
  const answers = new Map<string, { tab: Tab; count: number; failed: boolean }>()
  for (let step = 0; step < 150; step++) {
    const tab = tabs[Math.floor(random() * tabs.length)]
    if (tab === undefined) throw new Error('there is always a tab')
    const text = `line ${step}`
    const answer = { tab, count: 0, failed: false }
    answers.set(text, answer)
    send(tab, text)
      .catch(() => (answer.failed = true))
      .finally(() => answer.count++)
    if (random() < 0.03) tab.freeze()
    if (random() < 0.03) for (const each of tabs) each.thaw()
    if (random() < 0.15) {
      const victim = random() < 0.6 ? (tabs.findLast((each) => each.starts > 0 && each.alive) ?? tab) : tab
      victim.kill()
      tabs = [...tabs.filter((each) => each !== victim), open(browser, disk, { pauseMs })]
    }
    if (random() < 0.1) tab.page.get('pagehide')?.({ persisted: true })
    if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, random() * 6))
    for (const each of tabs) if (random() < 0.2) each.page.get('pageshow')?.({ persisted: true })
  }
  for (const each of tabs) {
    each.thaw()
    each.page.get('pageshow')?.({ persisted: true })
  }
  await vi.waitFor(
    () => {
      for (const { tab, count } of answers.values()) if (tab.alive) expect(count).toBe(1)
      for (const tab of tabs) expect(texts(tab)).toEqual(disk.lines.map((line) => line.text))
    },
    { timeout: 10_000, interval: 20 },
  )
  const written = disk.lines.map((line) => line.text)
  expect(new Set(written).size).toBe(written.length)
  // Only what a frozen writer had in hand when it was replaced may fail, and then it says so.
  for (const [text, { tab, failed }] of answers) if (tab.alive && !failed) expect(written).toContain(text)
  expect([...answers.values()].filter(({ failed }) => failed).length).toBeLessThan(20)
  for (const tab of tabs) {
    const sizes = tab.shown.map((state) => state.messages.length)
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
  }
}

function seeded(seed: number): () => number {
  let state = seed * 7919
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
