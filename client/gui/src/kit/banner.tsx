import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './banner.module.css'

export interface BannerProps {
  readonly tone?: 'info' | 'warning' | 'danger' | 'success' | undefined
  readonly icon?: ReactNode
  readonly children: ReactNode
  /** One or two buttons: the next step. */
  readonly actions?: ReactNode
  /** Over the whole width of a pane, without corners. */
  readonly flush?: boolean | undefined
  /** Reads it out when it appears. */
  readonly announce?: boolean | undefined
}

/** A notice that stays. */
export function Banner({ tone = 'info', icon, children, actions, flush, announce }: BannerProps) {
  return (
    <div
      className={classNames(styles.banner, styles[tone], flush === true && styles.flush)}
      role={announce === true ? (tone === 'danger' ? 'alert' : 'status') : undefined}
    >
      {icon !== undefined && <span className={styles.icon}>{icon}</span>}
      <div className={styles.words}>{children}</div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  )
}
