import { describe, expect, it } from 'vitest'
import { daysBetween, makeDates } from '../../src/texts/dates.ts'

const german = makeDates('de', 'de-DE')
const english = makeDates('en', 'en-GB')
const now = new Date(2026, 10, 22, 14, 30).getTime()
const MINUTE = 60_000

describe('dates', () => {
  it('count calendar days, also over the end of summer time', () => {
    expect(
      daysBetween(new Date(2026, 9, 24, 23, 59).getTime(), new Date(2026, 9, 25, 23, 59).getTime()),
    ).toBe(1)
    expect(
      daysBetween(new Date(2026, 10, 21, 23, 59).getTime(), new Date(2026, 10, 22, 0, 1).getTime()),
    ).toBe(1)
  })

  it('are short in a list', () => {
    expect(german.brief(now - 5 * MINUTE, now)).toBe('14:25')
    expect(german.brief(new Date(2026, 10, 21, 9).getTime(), now)).toBe('Gestern')
    expect(german.brief(new Date(2026, 10, 12, 9).getTime(), now)).toBe('12.11.')
    expect(german.brief(new Date(2025, 10, 12, 9).getTime(), now)).toBe('12.11.25')
    expect(english.brief(new Date(2026, 10, 21, 9).getTime(), now)).toBe('Yesterday')
  })

  it('are words above messages', () => {
    expect(german.day(now, now)).toBe('Heute')
    expect(german.day(new Date(2026, 10, 18).getTime(), now)).toBe('Mittwoch')
    expect(german.day(new Date(2026, 9, 3).getTime(), now)).toBe('Samstag, 3. Oktober')
    expect(english.day(new Date(2025, 11, 3).getTime(), now)).toBe('3 December 2025')
  })

  it('say how long ago something was', () => {
    expect(german.since(now - 20_000, now)).toBe('gerade eben')
    expect(german.since(now - 5 * MINUTE, now)).toBe('vor 5 Minuten')
    expect(german.since(now - 3 * 60 * MINUTE, now)).toBe('vor 3 Stunden')
    expect(english.since(now - 26 * 60 * MINUTE, now)).toBe('yesterday')
    expect(german.since(new Date(2026, 10, 4).getTime(), now)).toBe('am 4. November 2026')
    expect(english.since(new Date(2026, 10, 4).getTime(), now)).toBe('on 4 November 2026')
    // A server whose clock is a little ahead.
    expect(german.since(now + 5 * MINUTE, now)).toBe('gerade eben')
  })
})
