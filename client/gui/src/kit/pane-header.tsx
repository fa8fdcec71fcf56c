import type { ReactNode } from 'react'
import { ChevronLeft } from 'lucide-react'
import { classNames } from './class-names.ts'
import { IconButton } from './icon-button.tsx'
import styles from './pane-header.module.css'

export interface PaneHeaderProps {
  readonly title: ReactNode
  readonly subtitle?: ReactNode
  readonly leading?: ReactNode
  readonly actions?: ReactNode
  /** How it looks: 1 for a list, 2 for what stands beside it. */
  readonly level?: 1 | 2 | undefined
  /** `narrow`: the button is there only where one pane is shown at a time. */
  readonly back?:
    | { readonly label: string; readonly onBack: () => void; readonly when?: 'narrow' | 'always' | undefined }
    | undefined
}

/** The line on top of a pane. */
export function PaneHeader({ title, subtitle, leading, actions, level = 2, back }: PaneHeaderProps) {
  return (
    <header className={classNames(styles.header, level === 1 ? styles.first : styles.second)}>
      {back !== undefined && (
        <IconButton
          label={back.label}
          icon={<ChevronLeft />}
          className={back.when === 'always' ? undefined : styles.narrowOnly}
          onClick={back.onBack}
        />
      )}
      {leading}
      <div className={styles.words}>
        <h2 className={styles.title}>{title}</h2>
        {subtitle !== undefined && <p className={styles.subtitle}>{subtitle}</p>}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </header>
  )
}
