import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openStage, type Stage } from '../src/stage.ts'

let stage: Stage
let browser: Browser
let page: Page

const good = 'Sieben Tauben fliegen heimlich'

beforeAll(async () => {
  stage = await openStage()
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
}, 300_000)

afterAll(async () => {
  await browser.close()
  await stage[Symbol.asyncDispose]()
})

// a fresh page each time: the dictionaries come with the first judgement
beforeEach(async () => {
  await page?.close()
  page = await browser.newPage()
  await page.goto(stage.address('welcome'))
})

const press = (name: string) => page.getByRole('button', { name }).last().click()
const fill = (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text)

async function toRecovery(): Promise<void> {
  await press('Ich habe schon ein Konto')
  await press('Passwort vergessen?')
  await fill('Benutzername', 'alice')
  await page.getByRole('textbox', { name: 'Wiederherstellungsschlüssel' }).fill('K7QM')
}

/** Enter in the same breath as the last letter. */
async function submitAtOnce(label: string, password: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).evaluate((field: HTMLInputElement, text) => {
    // as React hears a keyboard: the setter of the prototype, not the one that React has put over it
    const own = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')
    own?.set?.call(field, text)
    field.dispatchEvent(new Event('input', { bubbles: true }))
    field.form?.requestSubmit()
  }, password)
}

test('who presses Enter before a new password is judged goes on as soon as it is', async () => {
  await toRecovery()
  await submitAtOnce('Neues Passwort', good)
  // the stage refuses every recovery key: it has been asked
  await page.getByText(/Tippfehler/).waitFor()
})

test('a weak one is refused with its reason as soon as it is judged, and nothing is sent', async () => {
  await toRecovery()
  await submitAtOnce('Neues Passwort', 'passwort1234')
  const field = page.getByLabel('Neues Passwort', { exact: true })
  await page.getByText('Häufige Wörter und Passwörter sind schnell erraten.').waitFor()
  await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true')
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(await page.getByText(/Tippfehler/).count()).toBe(0)
})

test('registering waits for the judgement as well, and says so', async () => {
  await press('Konto anlegen')
  await fill('Dein Name', 'Alice Brandt')
  await submitAtOnce('Passwort', good)
  await page.getByRole('group', { name: 'Wiederherstellungsschlüssel' }).waitFor()
})

test('without the dictionaries it says so instead of waiting for ever', async () => {
  await page.route(/password-estimator/, (route) => route.abort())
  await toRecovery()
  await submitAtOnce('Neues Passwort', good)
  await page.getByText('Die Prüfung ließ sich nicht laden.').waitFor()
})
