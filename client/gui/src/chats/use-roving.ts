import { useLayoutEffect, useState, type RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { MessageItem } from './message-items.ts'

const PAGE_ITEMS = 10

export type RovingStep = 'next' | 'previous' | 'first' | 'last' | 'next-page' | 'previous-page'

/** Whether a row can have the focus: messages and system lines can. */
export function isStop(item: MessageItem | undefined): boolean {
  return item?.kind === 'bubble' || item?.kind === 'system'
}

/** The row that a step leads to from row `from`; undefined beyond the ends. */
export function stepTo(items: readonly MessageItem[], from: number, step: RovingStep): number | undefined {
  const stops = (start: number, by: 1 | -1): number | undefined => {
    for (let index = start; index >= 0 && index < items.length; index += by) {
      if (isStop(items[index])) return index
    }
    return undefined
  }
  switch (step) {
    case 'next':
      return stops(from + 1, 1)
    case 'previous':
      return stops(from - 1, -1)
    case 'first':
      return stops(0, 1)
    case 'last':
      return stops(items.length - 1, -1)
    case 'next-page':
      return stops(Math.min(from + PAGE_ITEMS, items.length - 1), 1) ?? stops(items.length - 1, -1)
    case 'previous-page':
      return stops(Math.max(from - PAGE_ITEMS, 0), -1) ?? stops(0, 1)
  }
}

/** The list is one stop for the Tab key; inside it the focus goes from message to message. */
export function useRoving(
  items: readonly MessageItem[],
  list: RefObject<VirtualizerHandle | null>,
  scroller: RefObject<HTMLElement | null>,
) {
  const [key, setKey] = useState<string>()
  const [request, setRequest] = useState<{ readonly key: string; readonly align: 'nearest' | 'center' }>()
  const found = key === undefined ? -1 : items.findIndex((item) => item.key === key)
  const stop = found !== -1 ? found : (stepTo(items, items.length, 'last') ?? -1)

  useLayoutEffect(() => {
    if (request === undefined) return
    const index = items.findIndex((item) => item.key === request.key)
    if (index === -1) return
    list.current?.scrollToIndex(index, { align: request.align })
    scroller.current
      ?.querySelector<HTMLElement>(`[data-message="${CSS.escape(request.key)}"]`)
      ?.focus({ preventScroll: true })
    // A request is answered once, with the rows as they were then.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [request])

  return {
    /** Index of the row where the Tab key stops; it stays mounted. */
    stop,
    /** The focus is on this one now, however it came there. */
    noteFocus: setKey,
    focusOn: (target: string, align: 'nearest' | 'center' = 'nearest') => {
      setKey(target)
      setRequest({ key: target, align })
    },
  }
}
