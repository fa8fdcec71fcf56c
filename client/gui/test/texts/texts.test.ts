import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { shortcutTexts } from '../../src/app/shortcut-list.ts'
import { appTexts } from '../../src/app/texts.ts'
import { chatTexts } from '../../src/chats/texts.ts'
import { contactTexts } from '../../src/contacts/texts.ts'
import { navigationTexts } from '../../src/navigation/texts.ts'
import { onboardingTexts } from '../../src/onboarding/texts.ts'
import { settingsTexts } from '../../src/settings/texts.ts'
import { failureText } from '../../src/texts/errors.ts'
import { fold, matches } from '../../src/texts/fold.ts'
import { localeOf, resolveLanguage } from '../../src/texts/language.ts'
import { counted, listed } from '../../src/texts/plural.ts'

const areas = {
  appTexts,
  shortcutTexts,
  chatTexts,
  contactTexts,
  navigationTexts,
  onboardingTexts,
  settingsTexts,
}

function sentences(texts: unknown, at: string): readonly (readonly [string, string])[] {
  if (typeof texts === 'string') return [[at, texts]]
  if (typeof texts !== 'object' || texts === null) return []
  return Object.entries(texts).flatMap(([key, value]) => sentences(value, `${at}.${key}`))
}

describe('texts', () => {
  it.each(Object.entries(areas))('%s says something in both languages under the same keys', (name, area) => {
    const german = sentences(area.de, name)
    const english = sentences(area.en, name)
    expect(english.map(([key]) => key)).toEqual(german.map(([key]) => key))
    for (const [key, text] of [...german, ...english]) expect(text.trim(), key).not.toBe('')
  })

  it.each(Object.entries(areas))('%s keeps the house style', (name, area) => {
    for (const [key, text] of [...sentences(area.de, name), ...sentences(area.en, name)]) {
      expect(text, `${key}: an ellipsis is one character`).not.toMatch(/\.\.\./)
      expect(text, `${key}: straight quotation marks`).not.toMatch(/["]/)
      expect(text, `${key}: a word of the machine room`).not.toMatch(
        /session|epoch|cross-signing|secret storage/i,
      )
    }
    for (const [key, text] of sentences(area.de, name)) {
      expect(text, `${key}: du, not Sie`).not.toMatch(/\bIhnen\b|\b(haben|können|müssen|möchten|bitte) Sie\b/)
      expect(text, `${key}: a space before the ellipsis`).not.toMatch(/\p{L}…/u)
    }
  })

  it('stand in texts files, not in components', () => {
    const folder = path.join(import.meta.dirname, '../../src')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.tsx'),
    )
    expect(files.length).toBeGreaterThan(30)
    for (const file of files) {
      const source = readFileSync(path.join(folder, file), 'utf8')
      const literal = /(?:label|title|placeholder|aria-label)="([^"]*\p{Ll}{3}[^"]*)"/u.exec(source)
      expect(
        literal?.[1] === undefined || literal[1] === 'Brieftaube' || literal[1] === 'window',
        `${file}: ${literal?.[1]}`,
      ).toBe(true)
    }
  })
})

describe('failures', () => {
  it('name the wait where the server named one', () => {
    expect(failureText('de', { code: 'rate-limited', retryAfterMs: 42_000 })).toContain('42 Sekunden')
    expect(failureText('en', { code: 'rate-limited', retryAfterMs: 900_000 })).toContain('15 minutes')
    expect(failureText('de', { code: 'rate-limited', retryAfterMs: undefined })).not.toContain('undefined')
  })
})

describe('language', () => {
  it('follows the browser unless it was chosen', () => {
    expect(resolveLanguage('system', ['de-AT', 'en'])).toBe('de')
    expect(resolveLanguage('system', ['fr-FR', 'en-US'])).toBe('en')
    expect(resolveLanguage('system', ['fr-FR'])).toBe('en')
    expect(resolveLanguage('system', [])).toBe('de')
    expect(resolveLanguage('de', ['en-US'])).toBe('de')
    expect(localeOf('de', ['en-US', 'de-AT'])).toBe('de-AT')
    expect(localeOf('en', ['de-DE'])).toBe('en-GB')
  })

  it('counts and lists', () => {
    expect(counted('de', 1, 'Gerät', 'Geräte')).toBe('1 Gerät')
    expect(counted('de', 1200, 'Gerät', 'Geräte')).toBe('1.200 Geräte')
    expect(counted('en', 0, 'device', 'devices')).toBe('0 devices')
    expect(listed('de', ['Anna', 'Bob', 'Carla'])).toBe('Anna, Bob und Carla')
  })
})

describe('searching', () => {
  it('folds case, accents, umlauts and ß', () => {
    expect(fold('Weiß')).toBe(fold('WEISS'))
    expect(fold('Müller')).toBe(fold('Mueller'))
    expect(matches('sahin', 'Eva Şahin')).toBe(true)
    expect(matches('weiss car', 'Carla Weiß')).toBe(true)
    expect(matches('bob', 'Carla Weiß', 'carla')).toBe(false)
    expect(matches('  ', 'anything')).toBe(true)
  })
})
