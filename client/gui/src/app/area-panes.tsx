import { useEffect, useRef, type ReactNode } from 'react'
import { Panes, type PanesProps } from '../kit/panes.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { focusIn } from './regions.ts'
import { useSettings } from './settings-context.tsx'
import { appTexts } from './texts.ts'

export interface AreaPanesProps {
  readonly list: ReactNode
  readonly main: ReactNode
  readonly detail?: ReactNode
  readonly front: PanesProps['front']
  /** Accessible names of the regions. */
  readonly labels: { readonly list: string; readonly main: string; readonly detail?: string | undefined }
}

/** The panes of an area, with the kept width; the focus follows the pane that a narrow window shows. */
export function AreaPanes({ labels, ...panes }: AreaPanesProps) {
  const texts = useTexts(appTexts)
  const { settings, change } = useSettings()
  const { front } = panes
  const shown = useRef(front)

  useEffect(() => {
    if (shown.current === front) return
    shown.current = front
    if (!matchMedia('(max-width: 767px)').matches) return
    const active = document.activeElement
    const lost = active === null || active === document.body || active.getClientRects().length === 0
    const region = document.querySelector<HTMLElement>(`[data-region="${front}"]`)
    if (!lost || region === null) return
    // Going deeper reads the pane from its beginning, going back finds the row that was left.
    if (front === 'list') focusIn(region)
    else region.focus()
  }, [front])

  return (
    <Panes
      {...panes}
      heading="Brieftaube"
      labels={{ ...labels, divider: texts.divider }}
      listWidth={settings.listWidth}
      onListWidth={(listWidth) => change({ listWidth })}
    />
  )
}
