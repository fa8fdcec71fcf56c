/** Reading and changing settings; pure. */
import type { Settings } from '@brieftaube/contract'
import { settingsTable } from './settings-table.ts'

const names = Object.keys(settingsTable) as readonly (keyof Settings)[]

export const defaultSettings: Settings = parseSettings(undefined)

/** From what was stored, by whatever version: unknown names vanish, missing or bad values become the default. */
export function parseSettings(stored: unknown): Settings {
  const values = asRecord(stored)
  const entries = names.map((name) => [
    name,
    settingsTable[name].parse(values[name]) ?? settingsTable[name].default,
  ])
  return Object.fromEntries(entries)
}

/** What of `change` is acceptable is taken over; the same object when nothing differs. */
export function changeSettings(current: Settings, change: unknown): Settings {
  const values = asRecord(change)
  const changed = names.flatMap((name) => {
    const value = Object.hasOwn(values, name) ? settingsTable[name].parse(values[name]) : undefined
    return value === undefined || value === current[name] ? [] : [[name, value]]
  })
  return changed.length === 0
    ? current
    : { ...current, ...(Object.fromEntries(changed) as Partial<Settings>) }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
