import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage } from '../src/stage.ts'

/** The stage's core, as far as these tests push and watch it. */
interface StageWindow {
  stageCore: {
    call(name: string, input: unknown): Promise<unknown>
    on(name: string, handler: (input: never) => unknown): void
    peek(name: string, parameter: object): { messages: Record<string, unknown>[] }
    put(name: string, parameter: object, state: object): void
  }
  calls: [string, Record<string, unknown>][]
}

let stage: Stage
let browser: Browser
let page: Page

beforeAll(async () => {
  stage = await openStage()
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
}, 300_000)

afterAll(async () => {
  await browser.close()
  await stage[Symbol.asyncDispose]()
})

async function open(screen: string): Promise<void> {
  await page.goto(stage.address(screen))
  await page.locator('[role=log] article').first().waitFor()
  await page.evaluate(() => {
    const { stageCore } = window as unknown as StageWindow
    const call = stageCore.call.bind(stageCore)
    const calls: StageWindow['calls'] = []
    Object.assign(window, { calls })
    stageCore.call = (name, input) => {
      calls.push([name, { ...(input as object) }])
      return call(name, input)
    }
  })
  await settle()
}

/** Two frames and what they have set off. */
const settle = () => page.waitForTimeout(400)
const field = () => page.locator('textarea')
const callsOf = (name: string) =>
  page.evaluate(
    (wanted) =>
      (window as unknown as StageWindow).calls.filter((call) => call[0] === wanted).map((call) => call[1]),
    name,
  )
const atEnd = () =>
  page.evaluate(() => {
    const log = document.querySelector('[role=log]')
    return log !== null && log.scrollTop + log.clientHeight >= log.scrollHeight - 2
  })

/** Key and place of the first message that is wholly on screen. */
const anchor = () =>
  page.evaluate(() => {
    const top = document.querySelector('[role=log]')?.getBoundingClientRect().top ?? 0
    const rows = [...document.querySelectorAll<HTMLElement>('[role=log] article')]
    const row = rows.find((each) => each.getBoundingClientRect().top > top + 20)
    return [row?.dataset['message'], Math.round(row?.getBoundingClientRect().top ?? 0)]
  })

/** Messages of somebody else at the end of the open conversation. */
const receive = (count: number) =>
  page.evaluate((wanted) => {
    const { stageCore } = window as unknown as StageWindow
    const conversation = location.pathname.split('/')[2]
    const view = stageCore.peek('messages', { conversation })
    const last = view.messages.at(-1)
    const news = Array.from({ length: wanted }, (_, index) => ({
      ...last,
      key: `news-${index}-${view.messages.length}`,
      seq: Number(last?.['seq']) + index + 1,
      own: false,
      state: undefined,
      author: 'somebody',
      authorName: 'Bob',
      text: `Neuigkeit ${index}`,
    }))
    stageCore.put('messages', { conversation }, { ...view, messages: [...view.messages, ...news] })
  }, count)

/** The number of the newest message of the open conversation. */
const lastSeq = () =>
  page.evaluate(() => {
    const conversation = location.pathname.split('/')[2]
    const view = (window as unknown as StageWindow).stageCore.peek('messages', { conversation })
    return Math.max(0, ...view.messages.map((message) => Number(message['seq'] ?? 0)))
  })

/** How far this page has marked as read; 0 for nothing yet. */
const marked = async () => Math.max(0, ...(await callsOf('markRead')).map((call) => Number(call['seq'])))

const focusedName = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')

describe('the message list', () => {
  it('opens at the end, and nothing moves while older messages are put in front or new ones arrive', async () => {
    await open('chat-many')
    expect(await atEnd()).toBe(true)
    await page.mouse.move(900, 400)
    for (let turn = 0; turn < 25; turn += 1) {
      await page.mouse.wheel(0, -400)
      await page.waitForTimeout(30)
    }
    await settle()
    expect((await callsOf('loadOlder')).length).toBeGreaterThan(0)
    const before = await anchor()
    await receive(2)
    await settle()
    expect(await anchor()).toEqual(before)
    const button = page.getByRole('button', { name: 'Zu den neuesten Nachrichten, 2 neue' })
    await button.click()
    await settle()
    expect(await atEnd()).toBe(true)
    expect(await button.count()).toBe(0)
  })

  it('never takes a message out of the reader’s hand while scrolling up through unknown rows', async () => {
    await open('chat-many')
    await page.mouse.move(900, 400)
    await page.evaluate(() => {
      const places: number[] = []
      Object.assign(window, { places })
      let former = new Map<string, number>()
      const look = () => {
        const rows = [...document.querySelectorAll<HTMLElement>('[role=log] article')]
        const now = new Map(
          rows.map((row) => [row.dataset['message'] ?? '', row.getBoundingClientRect().top]),
        )
        for (const [key, top] of now) {
          const before = former.get(key)
          if (before !== undefined && top > 0 && top < 700) places.push(Math.round(top - before))
        }
        former = now
        requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    })
    for (let turn = 0; turn < 40; turn += 1) {
      await page.mouse.wheel(0, -200)
      await page.waitForTimeout(30)
    }
    const backwards = await page.evaluate(
      () => (window as unknown as { places: number[] }).places.filter((moved) => moved < -3).length,
    )
    expect(backwards).toBe(0)
  })

  it('keeps the unread divider, and marks as read only what is on screen', async () => {
    await open('chat')
    const divider = page.locator('[role=log]').getByText('3 ungelesene Nachrichten')
    await divider.waitFor()
    const last = await lastSeq()
    await receive(1)
    // marks are coalesced: how many there are depends on the machine, how far they reach does not
    await expect.poll(marked).toBe(last + 1)
    expect(await divider.count()).toBe(1)
    await open('chat-many')
    const known = await lastSeq()
    await page.mouse.move(900, 400)
    await page.mouse.wheel(0, -1500)
    await expect.poll(atEnd).toBe(false)
    await receive(3)
    await page.getByRole('button', { name: 'Zu den neuesten Nachrichten, 3 neue' }).waitFor()
    await settle()
    expect(await marked()).toBeLessThanOrEqual(known)
  })

  it('keeps its place when the details fold out beside it', async () => {
    await open('chat-details')
    const divider = page.locator('[role=log]').getByText('3 ungelesene Nachrichten')
    const inView = () =>
      divider.evaluate((element) => {
        const log = element.closest('[role=log]')?.getBoundingClientRect()
        const { top, bottom } = element.getBoundingClientRect()
        return log !== undefined && top >= log.top && bottom <= log.bottom
      })
    await expect.poll(inView).toBe(true)
    await open('chat-many')
    expect(await atEnd()).toBe(true)
    await page.getByRole('button', { name: 'Details anzeigen' }).click()
    await page.locator('[data-region=detail] h2').first().waitFor()
    await expect.poll(atEnd).toBe(true)
    await settle()
    expect(await atEnd()).toBe(true)
  })

  it('is one stop for the Tab key, and every action on a message has a key', async () => {
    await open('chat-direct')
    await field().press('ArrowUp')
    await expect.poll(focusedName).toContain('Schlüssel für die Halle')
    await page.keyboard.press('ArrowUp')
    await expect.poll(focusedName).toContain('Hast du kurz Zeit?')
    expect(await page.locator('[role=log] [tabindex="0"]').count()).toBe(1)
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Antworten' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(focusedName).toContain('Hast du kurz Zeit?')
    await page.keyboard.press('r')
    await page.keyboard.type('Ja')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /Zur ursprünglichen Nachricht: Carla Weiß/ }).waitFor()
    expect((await callsOf('sendText'))[0]).toMatchObject({ text: 'Ja', replyTo: expect.anything() })
  })
})

describe('the text field', () => {
  it('sends with Enter under a fresh name and grows to eight lines', async () => {
    await open('chat-direct')
    await field().fill('Hallo')
    await field().press('Enter')
    await page.locator('[role=log] article', { hasText: 'Hallo' }).waitFor()
    expect((await callsOf('sendText'))[0]?.['localId']).toMatch(/^[A-Za-z0-9_-]{22}$/u)
    expect(await field().inputValue()).toBe('')
    const heightOf = () => field().evaluate((element) => element.clientHeight)
    await field().fill(Array.from({ length: 8 }, () => 'Zeile').join('\n'))
    const eight = await heightOf()
    await field().fill(Array.from({ length: 30 }, () => 'Zeile').join('\n'))
    expect(await heightOf()).toBe(eight)
    await expect.poll(atEnd).toBe(true)
  })

  it('gets a refused text back, in front of what was written meanwhile', async () => {
    await open('chat-direct')
    await page.evaluate(() => {
      ;(window as unknown as StageWindow).stageCore.on('sendText', async () => {
        await new Promise((resolve) => setTimeout(resolve, 300))
        throw new Error('refused')
      })
    })
    await field().fill('Wichtig')
    await field().press('Enter')
    await field().fill('danach')
    await expect.poll(() => field().inputValue()).toBe('Wichtig\ndanach')
  })

  it('keeps its draft over a change of chats', async () => {
    await open('chat-states')
    await field().fill('Noch nicht fertig')
    await page.keyboard.press('Alt+ArrowDown')
    await expect.poll(() => field().inputValue()).not.toBe('Noch nicht fertig')
    await page.locator('a', { hasText: 'Entwurf: Noch nicht fertig' }).waitFor()
    await page.keyboard.press('Alt+ArrowUp')
    await expect.poll(() => field().inputValue()).toBe('Noch nicht fertig')
  })
})
