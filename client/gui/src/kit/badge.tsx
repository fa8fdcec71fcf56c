import { classNames } from './class-names.ts'
import styles from './badge.module.css'

export interface BadgeProps {
  readonly count: number
  /** The same in words, for example "3 ungelesene Nachrichten". */
  readonly label: string
  readonly soft?: boolean | undefined
  readonly className?: string | undefined
}

/** A count; nothing at 0, "99+" beyond 99. */
export function Badge({ count, label, soft, className }: BadgeProps) {
  if (count <= 0) return undefined
  return (
    <span className={classNames(styles.badge, soft === true && styles.soft, className)}>
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span className={styles.words}>{label}</span>
    </span>
  )
}
