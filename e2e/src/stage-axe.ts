/** Looks at every screen of the stage with axe-core in real Chromium, in both themes, and at its width on a phone. */
import axe, { type AxeResults, type RunOptions } from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { Stage } from './stage.ts'

export interface Finding {
  readonly screen: string
  readonly theme: 'light' | 'dark'
  readonly rule: string
  readonly help: string
  /** Selectors with what is wrong there. */
  readonly places: readonly string[]
}

/** What opens on top of a screen: its name, the screen below and how to get there. */
interface Overlay {
  readonly name: string
  readonly screen: string
  readonly open: (page: Page) => Promise<void>
  /** What stands there once it is open. */
  readonly shows?: string | undefined
}

const dialog = 'dialog[open]'
const menu = '[role=menuitem]'

const overlays: readonly Overlay[] = [
  {
    name: 'quick-switcher',
    screen: 'contacts',
    open: (page) => page.keyboard.press('Control+k'),
    shows: dialog,
  },
  { name: 'shortcuts', screen: 'contacts', open: (page) => page.keyboard.press('?'), shows: dialog },
  {
    name: 'add-contact',
    screen: 'contacts',
    open: (page) => press(page, 'Kontakt hinzufügen'),
    shows: dialog,
  },
  {
    name: 'own-link',
    screen: 'contacts',
    open: (page) => press(page, 'Dein Link und QR-Code'),
    shows: dialog,
  },
  {
    name: 'safety-number',
    screen: 'contact',
    open: (page) => press(page, /Sicherheitsnummer/),
    shows: dialog,
  },
  { name: 'block', screen: 'contact', open: (page) => press(page, /Blockieren/), shows: dialog },
  {
    name: 'device-menu',
    screen: 'settings-devices',
    open: (page) => press(page, /Optionen für Chrome/),
    shows: menu,
  },
  { name: 'new-chat-menu', screen: 'chats', open: (page) => press(page, /^Neuer Chat/), shows: menu },
  {
    name: 'new-group',
    screen: 'chats',
    open: async (page) => {
      await press(page, /^Neuer Chat/)
      await page.getByRole('menuitem', { name: 'Neue Gruppe' }).click()
    },
    shows: dialog,
  },
  {
    name: 'message-menu',
    screen: 'chat-direct',
    open: async (page) => {
      await page.locator('textarea').press('ArrowUp')
      await page.keyboard.press('Enter')
    },
    shows: menu,
  },
  // the banner waits a moment before it says that the connection is away
  { name: 'offline-banner', screen: 'offline', open: () => Promise.resolve(), shows: '[role=status] strong' },
  {
    name: 'register-form',
    screen: 'welcome',
    open: (page) => press(page, 'Konto anlegen'),
    shows: '[role=meter]',
  },
  {
    name: 'register-form-refused',
    screen: 'register',
    open: (page) => press(page, 'Konto anlegen'),
    shows: '[aria-invalid=true]',
  },
  {
    name: 'recovery-form',
    screen: 'welcome',
    open: async (page) => {
      await press(page, 'Ich habe schon ein Konto')
      await press(page, 'Passwort vergessen?')
    },
    shows: '[role=meter]',
  },
  {
    name: 'recovery-key-check',
    screen: 'recovery-key',
    open: (page) => press(page, 'Ich habe ihn aufbewahrt'),
    shows: 'input',
  },
]

function press(page: Page, name: string | RegExp): Promise<void> {
  return page.getByRole('button', { name }).first().click()
}

const everyRule: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  // Experimental in axe: the names of rows are sentences, where the eye reads fragments in columns.
  rules: { 'label-content-name-mismatch': { enabled: false } },
}
/** Only the colours depend on the theme. */
const colours: RunOptions = { runOnly: { type: 'rule', values: ['color-contrast'] } }

/** As many as there are cores on the smallest machine that runs this. */
const PAGES = 2

/** A frame is 16 ms: longer than what a list needs to measure itself. */
const QUIET_FRAMES = 6

/** Pixels by which the page or a pane that scrolls downwards is wider than it may be; rows of chips may scroll. */
const overflowing = `Math.max(0, ...[document.documentElement, ...document.querySelectorAll('main *')]
  .filter((each) => each.clientHeight > 200 && (each === document.documentElement || each.matches('[data-region]') ||
    ['auto', 'scroll'].includes(getComputedStyle(each).overflowY)))
  .map((each) => each.scrollWidth - each.clientWidth))`

export interface AxeOptions {
  readonly stage: Stage
  /** Both unless one is named: colours do not depend on the width. */
  readonly themes?: readonly ('light' | 'dark')[] | undefined
  /** All of the stage unless some are named. */
  readonly screens?: readonly string[] | undefined
  readonly viewport?: { readonly width: number; readonly height: number } | undefined
}

/** Every violation on every screen and overlay; none is the aim. */
export async function checkStageWithAxe(options: AxeOptions): Promise<readonly Finding[]> {
  const { stage, themes = ['light', 'dark'] } = options
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    const pages = await Promise.all(Array.from({ length: PAGES }, () => openPage(browser, options)))
    const [page] = pages
    if (page === undefined) return []
    const screens = options.screens ?? (await screensOf(page, stage))
    const looks = [
      ...screens.map((screen) => ({ name: screen, screen, open: () => Promise.resolve() })),
      ...overlays.filter((each) => options.screens === undefined || options.screens.includes(each.name)),
    ]
    // each page takes the next one that nobody has looked at
    const waiting = looks.values()
    const findings = pages.map(async (each) => {
      await each.goto(stage.address('loading'))
      await each.evaluate(axe.source)
      const found: Finding[] = []
      for (const look of waiting) found.push(...(await findingsOn(each, look, themes)))
      return found
    })
    return (await Promise.all(findings)).flat()
  } finally {
    await browser.close()
  }
}

async function openPage(browser: Browser, options: AxeOptions): Promise<Page> {
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    // so that nothing is measured half faded in
    reducedMotion: 'reduce',
  })
  return context.newPage()
}

/** The stage answers an unknown screen with the names of all. */
async function screensOf(page: Page, stage: Stage): Promise<readonly string[]> {
  await page.goto(stage.address('?'))
  const text = await page.locator('body').innerText()
  return text
    .replace(/^Screens: /, '')
    .trim()
    .split(', ')
}

/** Every rule once; after a change of theme, which leaves the document as it is, only what depends on colours. */
async function findingsOn(
  page: Page,
  look: Overlay,
  themes: readonly Finding['theme'][],
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const [index, theme] of themes.entries()) {
    if (index === 0) await openLook(page, look, theme)
    else await changeTheme(page, theme)
    findings.push(...(await violations(page, look.name, theme, index === 0 ? everyRule : colours)))
  }
  const overflow = Number(await page.evaluate(overflowing))
  if (overflow > 0) {
    const help = `is ${String(overflow)} px wider than the window`
    findings.push({ screen: look.name, theme: themes[0] ?? 'light', rule: 'width', help, places: [] })
  }
  return findings
}

async function openLook(page: Page, look: Overlay, theme: Finding['theme']): Promise<void> {
  await page.evaluate(`stage.show(${JSON.stringify({ screen: look.screen, theme, lang: 'de' })})`)
  await page.evaluate(settled)
  await look.open(page)
  if (look.shows !== undefined) await page.locator(look.shows).first().waitFor()
  await page.evaluate(settled)
}

/** As the settings do it, on the screen that is open. */
async function changeTheme(page: Page, theme: Finding['theme']): Promise<void> {
  await page.evaluate(
    `stageCore.put('settings', {}, { ...stageCore.peek('settings', {}), theme: ${JSON.stringify(theme)} })`,
  )
  await page.locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' })
  await page.evaluate(settled)
}

/** Resolves once some frames have passed in which a screen stood there and nothing changed: views, lists, fonts have come. */
const settled = `document.fonts.ready.then(() => new Promise((resolve) => {
  let quietFrames = 0
  const observer = new MutationObserver(() => { quietFrames = 0 })
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
  const look = () => {
    // every screen has its heading; what is still being loaded has none
    quietFrames = document.querySelector('#root h1') === null ? 0 : quietFrames + 1
    if (quietFrames <= ${String(QUIET_FRAMES)}) return requestAnimationFrame(look)
    observer.disconnect()
    resolve()
  }
  requestAnimationFrame(look)
}))`

async function violations(
  page: Page,
  screen: string,
  theme: Finding['theme'],
  rules: RunOptions,
): Promise<readonly Finding[]> {
  // only what is wrong crosses to here: what is right is a megabyte per screen
  const options = { ...rules, resultTypes: ['violations'] }
  const found = await page.evaluate<AxeResults['violations']>(
    `axe.run(document, ${JSON.stringify(options)}).then((results) => results.violations)`,
  )
  return found.map((violation) => ({
    screen,
    theme,
    rule: violation.id,
    help: violation.help,
    places: violation.nodes
      .slice(0, 4)
      .map((node) => `${node.target.join(' ')} – ${node.failureSummary ?? ''}`),
  }))
}
