/** Kills a headless person at the n-th step of its storage: before or after a transaction, as a tab that is closed there. */
import type { CrashPoint } from '@brieftaube/storage'

export interface CrashSwitch {
  readonly point: CrashPoint
  /** The next `steps` points pass, the one after kills. */
  arm(steps: number): void
  disarm(): void
  /** Whether it has killed since it was armed. */
  readonly crashed: boolean
}

export class KilledError extends Error {
  override readonly name = 'KilledError'
}

export function createCrashSwitch(): CrashSwitch {
  let left: number | undefined
  let crashed = false
  return {
    point: () => {
      if (left === undefined) return
      if (left-- > 0) return
      left = undefined
      crashed = true
      throw new KilledError('killed here')
    },
    arm: (steps) => {
      left = steps
      crashed = false
    },
    disarm: () => {
      left = undefined
    },
    get crashed() {
      return crashed
    },
  }
}
