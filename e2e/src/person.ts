/** A person at a browser: what they do, by the words that they see. */
import { rm } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { openProfile, type Profile } from './browser.ts'
import { temporaryFolder } from './product.ts'

/** What a person opens: the product, or whatever else serves it. */
export interface Place {
  readonly address: string
  /** What Chromium needs to be told for it. */
  readonly browserFlags?: readonly string[] | undefined
}

export interface PersonOptions {
  readonly name: string
  readonly displayName?: string | undefined
  readonly password?: string | undefined
  /** Of an earlier life of the same browser. */
  readonly folder?: string | undefined
}

export class Person implements AsyncDisposable {
  readonly name: string
  readonly displayName: string
  readonly password: string
  readonly folder: string
  recoveryKey = ''
  profile: Profile
  readonly #place: Place

  private constructor(
    place: Place,
    profile: Profile,
    options: Required<Pick<PersonOptions, 'name'>> & PersonOptions & { folder: string },
  ) {
    this.#place = place
    this.profile = profile
    this.name = options.name
    this.displayName =
      options.displayName ?? `${options.name.charAt(0).toUpperCase()}${options.name.slice(1)} Beispiel`
    this.password = options.password ?? `Der ${options.name} fliegt um 7 nach Bremen`
    this.folder = options.folder
  }

  static async open(place: Place, options: PersonOptions): Promise<Person> {
    const folder = options.folder ?? (await temporaryFolder(`profile-${options.name}`)).path
    const person = new Person(place, await openProfile({ folder, flags: place.browserFlags }), {
      ...options,
      folder,
    })
    await person.page.goto(place.address)
    return person
  }

  get page(): Page {
    return this.profile.page
  }

  async register(link?: string): Promise<void> {
    const { page } = this
    if (link !== undefined) await page.goto(link)
    else await page.getByRole('button', { name: 'Konto anlegen' }).first().click()
    await page.getByLabel('Dein Name').fill(this.displayName)
    await page.getByLabel('Benutzername').fill(this.name)
    await page.getByLabel('Passwort', { exact: true }).fill(this.password)
    await page.getByRole('button', { name: 'Konto anlegen' }).last().click()
    await this.keepRecoveryKey()
  }

  async keepRecoveryKey(): Promise<void> {
    const { page } = this
    const key = page.getByRole('group', { name: 'Wiederherstellungsschlüssel' })
    await key.waitFor()
    this.recoveryKey = (await key.getAttribute('data-recovery-key')) ?? ''
    await page.getByRole('button', { name: 'Ich habe ihn aufbewahrt' }).click()
    await page.getByLabel('Letzte vier Zeichen').fill(this.recoveryKey.slice(-4))
    await page.getByRole('button', { name: 'Fertig' }).click()
    await this.waitUntilInside()
  }

  async logIn(): Promise<void> {
    const { page } = this
    await page
      .getByRole('button', { name: /^(Anmelden|Ich habe schon ein Konto)$/ })
      .first()
      .click()
    await page.getByLabel('Benutzername').fill(this.name)
    await page.getByLabel('Passwort', { exact: true }).fill(this.password)
    await page.getByRole('button', { name: 'Anmelden' }).last().click()
    await this.waitUntilInside()
  }

  async logInWithRecoveryKey(recoveryKey: string, newPassword: string): Promise<void> {
    const { page } = this
    await page
      .getByRole('button', { name: /^(Anmelden|Ich habe schon ein Konto)$/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Passwort vergessen?' }).click()
    await page.getByLabel('Benutzername').fill(this.name)
    await page.getByRole('textbox', { name: 'Wiederherstellungsschlüssel' }).fill(recoveryKey)
    await page.getByLabel('Neues Passwort', { exact: true }).fill(newPassword)
    await page.getByText('Sehr stark').waitFor()
    await page.getByRole('button', { name: 'Anmelden' }).last().click()
    await this.waitUntilInside()
  }

  /** Signs the only other device of the account out. */
  async revokeOtherDevice(): Promise<void> {
    const { page } = this
    await this.go('Einstellungen')
    await page.getByRole('link', { name: /Geräte/ }).click()
    await page
      .getByRole('button', { name: /^Optionen für/ })
      .last()
      .click()
    await page.getByRole('menuitem', { name: 'Abmelden' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Abmelden' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  }

  async waitUntilInside(): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: /Chats/ }).waitFor()
  }

  async go(area: 'Chats' | 'Kontakte' | 'Einstellungen'): Promise<void> {
    await this.page
      .getByRole('navigation')
      .getByRole('link', { name: new RegExp(area) })
      .click()
  }

  async requestContact(userName: string): Promise<void> {
    const { page } = this
    await this.go('Kontakte')
    await page.getByRole('button', { name: 'Kontakt hinzufügen' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Benutzername').fill(userName)
    await dialog.getByRole('button', { name: 'Suchen' }).click()
    await page.getByRole('button', { name: 'Anfrage senden' }).click()
    await page.getByText('Deine Anfrage wartet.').waitFor()
  }

  async acceptContact(displayName: string): Promise<void> {
    await this.go('Kontakte')
    await this.page.getByRole('button', { name: `Anfrage von ${displayName} annehmen` }).click()
  }

  /** From the contact's page; makes the direct conversation if there is none. */
  async writeTo(displayName: string): Promise<void> {
    await this.go('Kontakte')
    await this.page
      .getByRole('region', { name: 'Kontaktliste' })
      .getByText(displayName, { exact: true })
      .first()
      .click()
    await this.page.getByRole('button', { name: 'Nachricht schreiben' }).click()
    await this.composer.waitFor()
  }

  async openChat(title: string): Promise<void> {
    await this.go('Chats')
    await this.page
      .getByRole('region', { name: 'Chatliste' })
      .getByText(title, { exact: true })
      .first()
      .click()
    await this.composer.waitFor()
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: /^Nachricht an/ })
  }

  get log(): Locator {
    return this.page.getByRole('log')
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }

  /** Waits until a message or line with exactly this text is on screen; names may carry marks of direction. */
  async sees(text: string): Promise<void> {
    await this.log.getByText(exactly(text)).last().waitFor()
  }

  /** For whoever looks into a failed story. */
  async photograph(file: string): Promise<void> {
    await this.page.screenshot({ path: file }).catch(() => undefined)
  }

  /** Closes the browser and opens it again with the same profile. */
  async restartBrowser(): Promise<void> {
    await this.profile[Symbol.asyncDispose]()
    this.profile = await openProfile({ folder: this.folder, flags: this.#place.browserFlags })
    await this.page.goto(this.#place.address)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.profile.context.close().catch(() => undefined)
    await rm(this.folder, { recursive: true, force: true })
  }
}

function exactly(text: string): RegExp {
  const isolates = '[\\u2066-\\u2069]*'
  const letters = [...text].map((letter) => letter.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  return new RegExp(`^${isolates}${letters.join(isolates)}${isolates}$`, 'u')
}
