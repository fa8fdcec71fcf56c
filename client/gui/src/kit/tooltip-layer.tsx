import { useEffect, useRef } from 'react'
import styles from './tooltip-layer.module.css'

const DELAY_MS = 450

/**
 * Draws the text of `data-tooltip` beside whatever the pointer rests on or the keyboard focuses. It repeats the
 * accessible name, so assistive technology passes over it; Esc hides it. Mounted once.
 */
export function TooltipLayer() {
  const layer = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const box = layer.current
    return box === null ? undefined : watchTooltips(box)
  }, [])
  return <div ref={layer} popover="manual" aria-hidden="true" className={styles.tooltip} />
}

function watchTooltips(box: HTMLDivElement): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = new AbortController()
  const listen = { signal: stop.signal, capture: true, passive: true }

  function hide(): void {
    clearTimeout(timer)
    if (box.matches(':popover-open')) box.hidePopover()
  }

  function show(target: HTMLElement): void {
    const text = target.dataset['tooltip']
    if (text === undefined || !target.isConnected || target.getAttribute('aria-expanded') === 'true') return
    box.textContent = text
    if (!box.matches(':popover-open')) box.showPopover()
    const anchor = target.getBoundingClientRect()
    const size = box.getBoundingClientRect()
    const below = anchor.bottom + 6 + size.height < window.innerHeight
    const left = anchor.left + anchor.width / 2 - size.width / 2
    box.style.left = `${Math.max(6, Math.min(left, document.documentElement.clientWidth - size.width - 6))}px`
    box.style.top = `${below ? anchor.bottom + 6 : anchor.top - 6 - size.height}px`
  }

  function over(event: Event): void {
    const target =
      event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tooltip]') : null
    hide()
    if (target === null) return
    if (event.type === 'focusin' && !target.matches(':focus-visible')) return
    timer = setTimeout(() => show(target), DELAY_MS)
  }

  function moved(event: PointerEvent): void {
    if (event.pointerType === 'mouse') over(event)
  }

  document.addEventListener('pointerover', moved, listen)
  document.addEventListener('focusin', over, listen)
  document.addEventListener('focusout', hide, listen)
  document.addEventListener('pointerdown', hide, listen)
  document.addEventListener('keydown', hide, listen)
  document.addEventListener('scroll', hide, listen)
  return () => {
    stop.abort()
    hide()
  }
}
