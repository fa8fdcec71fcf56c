import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { startOfDay } from './days.ts'
import type { MessageItem } from './message-items.ts'
import type { MessageLog } from './message-log.ts'
import { useLatest } from './use-latest.ts'
import { visibleRange } from './visible-range.ts'

const OLDER_WITHIN_SCREENS = 2
const PILL_MS = 1400
/** A wheel or a finger at rest for this long is no scrolling any more. */
const REST_MS = 180
/** For so long after opening the place of the unread divider is held, whatever is measured or folded out. */
const OPENING_MS = 1500

export interface ScrollPlace {
  readonly atEnd: boolean
  /** The highest seq that has been on screen since opening; 0 before. */
  readonly seenSeq: number
  /** The day of what stands at the top, while the reader scrolls; undefined otherwise. */
  readonly day: number | undefined
}

export interface ScrollPlaceInput {
  readonly log: MessageLog
  readonly list: RefObject<VirtualizerHandle | null>
  readonly scroller: RefObject<HTMLElement | null>
  readonly onOlder: () => void
  /** Whenever something was on screen, with the highest seq of it. */
  readonly onVisible: (seq: number) => void
}

/**
 * Where the reader is. The position is set at opening, after sending, and to stay at the end when the reader is there;
 * never while the reader scrolls.
 */
export function useScrollPlace({ log, list, scroller, onOlder, onVisible }: ScrollPlaceInput) {
  const [place, setPlace] = useState<ScrollPlace>({ atEnd: true, seenSeq: 0, day: undefined })
  const { items } = log
  const atEnd = useRef(true)
  /** Key of what stands at the top while the conversation opens. */
  const goal = useRef<string>(undefined)
  const lastOffset = useRef(0)
  const opened = useRef(false)
  const moving = useMoving(scroller, () => setPlace((before) => ({ ...before, day: undefined })))

  const look = useLatest(() => {
    const handle = list.current
    if (handle === null || !opened.current) return
    const range = visibleRange(handle, items.length)
    const seq = seqUpTo(items, range.last)
    const top = items[range.first]
    const day = moving.current ? dayAt(top) : undefined
    // the beginning stands where the pill would
    const hidden = top?.kind === 'beginning'
    // A list that grows faster than it is measured is not at its end for a moment; only the reader leaves the end.
    const upwards = handle.scrollOffset < lastOffset.current - 1
    lastOffset.current = handle.scrollOffset
    if (moving.current) goal.current = undefined
    // what is at the end before it is measured need not be there afterwards
    if (goal.current !== undefined) atEnd.current = range.atEnd
    else if (range.atEnd) atEnd.current = true
    else if (upwards || moving.current) atEnd.current = false
    const stays = atEnd.current
    setPlace((before) => {
      const seenSeq = Math.max(before.seenSeq, seq)
      const shown = hidden ? undefined : (day ?? before.day)
      const kept = before.atEnd === stays && before.seenSeq === seenSeq && shown === before.day
      return kept ? before : { atEnd: stays, seenSeq, day: shown }
    })
    if (seq > 0) onVisible(seq)
    if (log.source?.more === true && handle.scrollOffset < OLDER_WITHIN_SCREENS * handle.viewportSize)
      onOlder()
  })

  const hold = useHold(() => {
    const handle = list.current
    if (handle === null || moving.current) return 'let go'
    const index = goal.current === undefined ? -1 : items.findIndex((item) => item.key === goal.current)
    if (index !== -1) return scrollToStart(handle, index)
    return atEnd.current ? scrollToEnd(handle, items.length) : 'let go'
  })

  const toEnd = useLatest(() => {
    goal.current = undefined
    atEnd.current = true
    hold()
  })

  const stay = useLatest(() => {
    hold()
    look()
  })

  useLayoutEffect(() => {
    if (items.length === 0) return
    if (!opened.current) {
      const divider = items.findIndex((item) => item.kind === 'unread')
      atEnd.current = divider === -1
      goal.current = divider === -1 ? undefined : items[Math.max(0, divider - 1)]?.key
      hold()
      opened.current = true
    } else if (log.arrived.some((message) => message.kind === 'text' && message.own)) {
      toEnd()
    } else if (!log.prepended) {
      stay()
    }
    // Only a new log moves anything; `items` comes with it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [log])

  useEffect(() => {
    const timer = setTimeout(() => {
      goal.current = undefined
    }, OPENING_MS)
    return () => clearTimeout(timer)
  }, [])

  // After the first measuring, and once the reader has come to rest.
  useEffect(() => {
    const frame = requestAnimationFrame(look)
    return () => cancelAnimationFrame(frame)
  }, [log, look])

  return { place, look, stay, toEnd }
}

/** Whether a wheel, a finger, the scroll bar or a key moves the list right now; `onRest` some time after. */
function useMoving(scroller: RefObject<HTMLElement | null>, onRest: () => void): RefObject<boolean> {
  const moving = useRef(false)
  const rest = useLatest(onRest)
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    let held = false
    let resting: ReturnType<typeof setTimeout> | undefined
    let fading: ReturnType<typeof setTimeout> | undefined

    function move(): void {
      moving.current = true
      clearTimeout(resting)
      clearTimeout(fading)
      resting = setTimeout(() => {
        moving.current = held
      }, REST_MS)
      fading = setTimeout(rest, PILL_MS)
    }
    function hold(): void {
      held = true
    }
    function release(): void {
      held = false
      if (moving.current) move()
    }
    const scrolled = () => {
      if (moving.current || held) move()
    }
    const stop = new AbortController()
    const options = { passive: true, signal: stop.signal }
    element.addEventListener('wheel', move, options)
    element.addEventListener('touchmove', move, options)
    element.addEventListener('scroll', scrolled, options)
    element.addEventListener('pointerdown', hold, options)
    window.addEventListener('pointerup', release, options)
    window.addEventListener('pointercancel', release, options)
    window.addEventListener('touchend', release, options)
    return () => {
      stop.abort()
      clearTimeout(resting)
      clearTimeout(fading)
    }
  }, [scroller, rest])
  return moving
}

type Taken = 'there' | 'moved' | 'let go'

const HOLD_FRAMES = 20
/** So many frames in a row without a correction, and everything is measured. */
const QUIET_FRAMES = 4

/**
 * A place is wanted before all rows are measured, and before the list has grown to what was measured: it is taken again
 * with the next frames until it rests there, or `take` lets go.
 */
function useHold(take: () => Taken): () => void {
  const latest = useLatest(take)
  const frame = useRef(0)
  useEffect(() => () => cancelAnimationFrame(frame.current), [])
  return useLatest(() => {
    cancelAnimationFrame(frame.current)
    let left = HOLD_FRAMES
    let quiet = 0
    const step = () => {
      const taken = latest()
      left -= 1
      quiet = taken === 'there' ? quiet + 1 : 0
      if (taken !== 'let go' && left > 0 && quiet < QUIET_FRAMES) frame.current = requestAnimationFrame(step)
    }
    step()
  })
}

function scrollToEnd(list: VirtualizerHandle, count: number): Taken {
  if (list.scrollOffset + list.viewportSize >= list.scrollSize - 1) return 'there'
  list.scrollToIndex(count - 1, { align: 'end' })
  return 'moved'
}

function scrollToStart(list: VirtualizerHandle, index: number): Taken {
  const wanted = Math.min(list.getItemOffset(index), list.scrollSize - list.viewportSize)
  if (Math.abs(list.scrollOffset - wanted) <= 1) return 'there'
  list.scrollToIndex(index, { align: 'start' })
  return 'moved'
}

function seqUpTo(items: readonly MessageItem[], last: number): number {
  for (let index = last; index >= 0; index -= 1) {
    const item = items[index]
    const seq = item?.kind === 'bubble' || item?.kind === 'system' ? item.message.seq : undefined
    if (seq !== undefined) return seq
  }
  return 0
}

function dayAt(item: MessageItem | undefined): number | undefined {
  switch (item?.kind) {
    case 'bubble':
    case 'system':
      return startOfDay(item.message.at)
    case 'day':
      return item.at
    case 'beginning':
    case 'unread':
    case undefined:
      return undefined
  }
}
