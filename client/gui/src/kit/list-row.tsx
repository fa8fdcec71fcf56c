import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './list-row.module.css'

interface RowContent {
  readonly leading?: ReactNode
  readonly title: ReactNode
  readonly subtitle?: ReactNode
  /** At the end of the title's line, for example a time. */
  readonly titleEnd?: ReactNode
  /** At the end of the row. */
  readonly trailing?: ReactNode
}

export type ListRowProps = RowContent &
  (
    | (Omit<ComponentProps<'a'>, 'title' | 'href'> & {
        readonly href: string
        readonly current?: boolean | undefined
      })
    | (Omit<ComponentProps<'button'>, 'title'> & {
        readonly href?: undefined
        readonly current?: boolean | undefined
      })
  )

/** A row that leads somewhere (`href`) or does something; at least 56 px high. */
export function ListRow(props: ListRowProps) {
  const { leading, title, subtitle, titleEnd, trailing, className, ...rest } = props
  const body = (
    <>
      {leading}
      <span className={styles.words}>
        <span className={styles.first}>
          <span className={styles.title}>{title}</span>
          {titleEnd}
        </span>
        {subtitle !== undefined && <span className={styles.subtitle}>{subtitle}</span>}
      </span>
      {trailing}
    </>
  )
  if (rest.href !== undefined) {
    const { current, ...link } = rest
    return (
      <a
        {...link}
        className={classNames(styles.row, className)}
        aria-current={current === true ? 'page' : undefined}
      >
        {body}
      </a>
    )
  }
  const { current, href: _none, ...button } = rest
  return (
    <button
      type="button"
      {...button}
      className={classNames(styles.row, className)}
      aria-current={current === true || undefined}
    >
      {body}
    </button>
  )
}
