import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { clampWidth, LIST_WIDTH, widthForKey } from './panes-rules.ts'
import styles from './panes.module.css'

export interface PanesProps {
  /** For assistive technology: the page as a whole, whichever panes are shown. */
  readonly heading: string
  readonly list: ReactNode
  readonly main: ReactNode
  /** A third pane; below 1200 px it stands in place of the second, below 768 px in place of all. */
  readonly detail?: ReactNode
  /** Which one a narrow window shows. */
  readonly front: 'list' | 'main' | 'detail'
  /** Accessible names of the regions; F6 moves between them. */
  readonly labels: {
    readonly list: string
    readonly main: string
    readonly detail?: string | undefined
    readonly divider: string
  }
  /** Pixels. */
  readonly listWidth: number
  /** After dragging or the keyboard, not while it moves. */
  readonly onListWidth: (width: number) => void
}

/** List, main and detail beside each other as far as they fit. */
export function Panes(props: PanesProps) {
  const box = useRef<HTMLElement>(null)
  const [dragged, setDragged] = useState<number>()
  const width = dragged ?? clampWidth(props.listWidth)

  function drag(event: PointerEvent<HTMLDivElement>): void {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const left = box.current?.getBoundingClientRect().left ?? 0
    setDragged(clampWidth(event.clientX - left))
  }

  function drop(): void {
    if (dragged !== undefined) props.onListWidth(dragged)
    setDragged(undefined)
  }

  function press(event: KeyboardEvent): void {
    const next = widthForKey(event.key, width)
    if (next === undefined) return
    event.preventDefault()
    props.onListWidth(next)
  }

  return (
    <main
      ref={box}
      className={classNames(styles.panes, props.detail !== undefined && styles.three)}
      data-front={props.front}
      style={{ '--list': `${width}px` }}
    >
      <h1 className={styles.unseen}>{props.heading}</h1>
      <section className={styles.list} aria-label={props.labels.list} data-region="list" tabIndex={-1}>
        {props.list}
        <div
          role="separator"
          tabIndex={0}
          aria-orientation="vertical"
          aria-label={props.labels.divider}
          aria-valuenow={width}
          aria-valuemin={LIST_WIDTH.min}
          aria-valuemax={LIST_WIDTH.max}
          className={styles.divider}
          onPointerDown={(event) => {
            if (event.button === 0) event.currentTarget.setPointerCapture(event.pointerId)
          }}
          onPointerMove={drag}
          onPointerUp={drop}
          onPointerCancel={drop}
          onDoubleClick={() => props.onListWidth(LIST_WIDTH.normal)}
          onKeyDown={press}
        />
      </section>
      <section className={styles.main} aria-label={props.labels.main} data-region="main" tabIndex={-1}>
        {props.main}
      </section>
      {props.detail !== undefined && (
        <section
          className={styles.detail}
          aria-label={props.labels.detail}
          data-region="detail"
          tabIndex={-1}
        >
          {props.detail}
        </section>
      )}
    </main>
  )
}
