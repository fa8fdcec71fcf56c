import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from 'react'
import { X } from 'lucide-react'
import { IconButton } from './icon-button.tsx'
import styles from './announcer.module.css'

export interface Toast {
  readonly text: string
  readonly tone?: 'plain' | 'danger' | undefined
  readonly action?: { readonly label: string; readonly onSelect: () => void } | undefined
}

interface Announcer {
  /** Reads it out without showing anything. */
  announce(text: string): void
  /** Shows it for a while and reads it out; the newest replaces the one before. */
  toast(toast: Toast): void
}

const AnnouncerContext = createContext<Announcer | undefined>(undefined)

const SHOWN_MS = 6000

/** One polite region and one toast for the whole window. */
export function AnnouncerProvider({
  closeLabel,
  children,
}: {
  readonly closeLabel: string
  readonly children: ReactNode
}) {
  const [spoken, setSpoken] = useState({ text: '', turn: 0 })
  const [shown, setShown] = useState<Toast & { readonly turn: number }>()
  const turn = useRef(0)
  const [announcer] = useState<Announcer>(() => ({
    announce: (text) => {
      turn.current += 1
      setSpoken({ text, turn: turn.current })
    },
    toast: (toast) => {
      turn.current += 1
      setSpoken({ text: toast.text, turn: turn.current })
      setShown({ ...toast, turn: turn.current })
    },
  }))

  useEffect(() => {
    if (shown === undefined) return
    const timer = setTimeout(() => setShown(undefined), shown.action === undefined ? SHOWN_MS : 2 * SHOWN_MS)
    return () => clearTimeout(timer)
  }, [shown])

  return (
    <AnnouncerContext value={announcer}>
      {children}
      <div className={styles.spoken} role="status" aria-live="polite">
        <span key={spoken.turn}>{spoken.text}</span>
      </div>
      {shown !== undefined && (
        <ToastBox
          key={shown.turn}
          toast={shown}
          closeLabel={closeLabel}
          onClose={() => setShown(undefined)}
        />
      )}
    </AnnouncerContext>
  )
}

interface ToastBoxProps {
  readonly toast: Toast
  readonly closeLabel: string
  readonly onClose: () => void
}

function ToastBox({ toast, closeLabel, onClose }: ToastBoxProps) {
  const box = useRef<HTMLDivElement>(null)
  // The top layer, so that it is seen over an open dialog.
  useEffect(() => box.current?.showPopover(), [])
  const { action } = toast
  return (
    <div ref={box} popover="manual" className={styles.toast} data-tone={toast.tone}>
      <span className={styles.words}>{toast.text}</span>
      {action !== undefined && (
        <button
          type="button"
          className={styles.action}
          onClick={() => {
            action.onSelect()
            onClose()
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton label={closeLabel} icon={<X />} className={styles.close} onClick={onClose} />
    </div>
  )
}

/** Inside an `AnnouncerProvider` only. */
export function useAnnouncer(): Announcer {
  const announcer = useContext(AnnouncerContext)
  if (announcer === undefined) throw new Error('AnnouncerProvider is missing')
  return announcer
}
