/** Calendar days of the local clock. */

export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}

/** The first moment of the day after; not always 24 hours later. */
export function startOfNextDay(at: number): number {
  const day = new Date(at)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime()
}
