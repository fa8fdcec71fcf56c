/** Looks at every screen of the stage with axe-core in real Chromium, in both themes, and at its width on a phone. */
import axe, { type AxeResults, type RunOptions } from 'axe-core'
import { chromium, type Page } from 'playwright-core'
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
}

const overlays: readonly Overlay[] = [
  { name: 'quick-switcher', screen: 'contacts', open: (page) => page.keyboard.press('Control+k') },
  { name: 'shortcuts', screen: 'contacts', open: (page) => page.keyboard.press('?') },
  { name: 'add-contact', screen: 'contacts', open: (page) => press(page, 'Kontakt hinzufügen') },
  { name: 'own-link', screen: 'contacts', open: (page) => press(page, 'Dein Link und QR-Code') },
  { name: 'safety-number', screen: 'contact', open: (page) => press(page, /Sicherheitsnummer/) },
  { name: 'block', screen: 'contact', open: (page) => press(page, /Blockieren/) },
  { name: 'device-menu', screen: 'settings-devices', open: (page) => press(page, /Optionen für Chrome/) },
  { name: 'register-form', screen: 'welcome', open: (page) => press(page, 'Konto anlegen') },
  {
    name: 'register-form-refused',
    screen: 'register',
    open: async (page) => {
      await press(page, 'Konto anlegen')
      await page.locator('[aria-invalid=true]').first().waitFor({ state: 'attached' })
    },
  },
  {
    name: 'recovery-key-check',
    screen: 'recovery-key',
    open: (page) => press(page, 'Ich habe ihn aufbewahrt'),
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
    // Reduced motion, so that nothing is measured half faded in.
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1280, height: 800 },
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    const screens = options.screens ?? (await screensOf(page, stage))
    const findings: Finding[] = []
    const looks = [
      ...screens.map((screen) => ({ name: screen, screen, open: () => Promise.resolve() })),
      ...overlays.filter((each) => options.screens === undefined || options.screens.includes(each.name)),
    ]
    for (const look of looks) {
      for (const theme of themes) {
        await openScreen(page, stage.address(look.screen, { theme }))
        await look.open(page)
        findings.push(...(await findingsOn(page, look.name, theme)))
      }
    }
    return findings
  } finally {
    await browser.close()
  }
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

async function openScreen(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await page.locator('#root h1, #root h2, #root [role=status]').first().waitFor({ state: 'attached' })
  // Lazily loaded parts, and the first states of the views.
  await page.waitForLoadState('networkidle')
}

async function findingsOn(page: Page, screen: string, theme: Finding['theme']): Promise<readonly Finding[]> {
  await page.waitForTimeout(100)
  await page.evaluate(axe.source)
  const results = await run(page, theme === 'light' ? everyRule : colours)
  const overflow = Number(await page.evaluate(overflowing))
  const width = { screen, theme, rule: 'width', help: `is ${overflow} px wider than the window`, places: [] }
  return [...findingsOf(screen, theme, results), ...(overflow > 0 ? [width] : [])]
}

async function run(page: Page, options: RunOptions): Promise<AxeResults> {
  return await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`)
}

function findingsOf(screen: string, theme: Finding['theme'], results: AxeResults): readonly Finding[] {
  return results.violations.map((violation) => ({
    screen,
    theme,
    rule: violation.id,
    help: violation.help,
    places: violation.nodes
      .slice(0, 4)
      .map((node) => `${node.target.join(' ')} – ${node.failureSummary ?? ''}`),
  }))
}
