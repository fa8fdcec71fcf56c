import type { DeliveryState } from '@brieftaube/contract'
import { CircleAlert, Clock } from 'lucide-react'
import { classNames } from '../kit/class-names.ts'
import styles from './state-icon.module.css'

export interface StateIconProps {
  readonly state: DeliveryState
  readonly className?: string | undefined
}

/** Clock, one tick, two ticks, filled, red. Whoever draws it says it in words too. */
export function StateIcon({ state, className }: StateIconProps) {
  const name = classNames(styles.icon, styles[state], className)
  switch (state) {
    case 'waiting':
      return <Clock className={name} aria-hidden="true" />
    case 'failed':
      return <CircleAlert className={name} aria-hidden="true" />
    case 'sent':
      return (
        <svg className={name} viewBox="0 0 20 14" aria-hidden="true">
          <path d="m4 7.500 4 4L16 3" />
        </svg>
      )
    case 'delivered':
      return (
        <svg className={name} viewBox="0 0 20 14" aria-hidden="true">
          <path d="m1.500 7.500 4 4L13 3M9.500 11.300l.2.2L17.500 3" />
        </svg>
      )
    case 'read':
      return (
        <svg className={name} viewBox="0 0 20 14" aria-hidden="true">
          <circle cx="10" cy="7" r="6.500" className={styles.disc} />
          <path d="m6.800 7.300 2.300 2.300 4.300-4.700" className={styles.onDisc} />
        </svg>
      )
  }
}
