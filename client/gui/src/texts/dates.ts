/** How moments are written. All take milliseconds since 1970. */
import type { Language } from './language.ts'

export interface Dates {
  /** "14:02" */
  time(at: number): string
  /** "Heute", "Gestern", "Montag", "12. November", with the year when it is another. */
  day(at: number, now: number): string
  /** For a row in a list: "14:02", "Gestern", "Mo.", "12.11.", "12.11.24". */
  brief(at: number, now: number): string
  /** "22. November 2026" */
  date(at: number): string
  /** "22. November 2026 um 14:02" */
  full(at: number): string
  /** "gerade eben", "vor 5 Minuten", "gestern", "am 22. November 2026". */
  since(at: number, now: number): string
}

const DAY_MS = 86_400_000

/** Days between the calendar days of two moments in local time. */
export function daysBetween(earlier: number, later: number): number {
  return Math.round((startOfDay(later) - startOfDay(earlier)) / DAY_MS)
}

function startOfDay(at: number): number {
  const date = new Date(at)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}

export function makeDates(language: Language, locale: string): Dates {
  const words = language === 'de' ? { justNow: 'gerade eben', on: 'am' } : { justNow: 'just now', on: 'on' }
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long' })
  const shortWeekday = new Intl.DateTimeFormat(locale, { weekday: 'short' })
  const dayMonth = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })
  const dayMonthYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' })
  const shortDay = new Intl.DateTimeFormat(locale, { day: '2-digit', month: '2-digit' })
  const shortDayYear = new Intl.DateTimeFormat(locale, { day: '2-digit', month: '2-digit', year: '2-digit' })
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })

  function sameYear(at: number, now: number): boolean {
    return new Date(at).getFullYear() === new Date(now).getFullYear()
  }

  return {
    time: (at) => time.format(at),
    day: (at, now) => {
      const days = daysBetween(at, now)
      if (days === 0 || days === 1) return capitalised(relative.format(-days, 'day'))
      if (days > 1 && days < 7) return weekday.format(at)
      return sameYear(at, now) ? dayMonth.format(at) : dayMonthYear.format(at)
    },
    brief: (at, now) => {
      const days = daysBetween(at, now)
      if (days <= 0) return time.format(at)
      if (days === 1) return capitalised(relative.format(-1, 'day'))
      if (days < 7) return shortWeekday.format(at)
      return sameYear(at, now) ? shortDay.format(at) : shortDayYear.format(at)
    },
    date: (at) => dayMonthYear.format(at),
    full: (at) => full.format(at),
    since: (at, now) => {
      const minutes = Math.floor((now - at) / 60_000)
      if (minutes < 1) return words.justNow
      if (minutes < 60) return relative.format(-minutes, 'minute')
      const days = daysBetween(at, now)
      if (days === 0) return relative.format(-Math.floor(minutes / 60), 'hour')
      if (days < 7) return relative.format(-days, 'day')
      return `${words.on} ${dayMonthYear.format(at)}`
    },
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1)
}
