import { ChevronDown } from 'lucide-react'
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { useAnnouncer } from '../kit/announcer.tsx'
import { Badge } from '../kit/badge.tsx'
import { classNames } from '../kit/class-names.ts'
import { Spinner } from '../kit/spinner.tsx'
import { useNow } from '../texts/use-now.ts'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import { startOfDay } from './days.ts'
import type { MessageLog } from './message-log.ts'
import { MessageRow } from './message-row.tsx'
import { announcements } from './sentences.ts'
import styles from './message-list.module.css'
import { chatTexts } from './texts.ts'
import { countBelow } from './unread.ts'
import { useJump } from './use-jump.ts'
import { useLatest } from './use-latest.ts'
import { useMessageKeys, type MessageWish } from './use-message-keys.ts'
import { stepTo, useRoving } from './use-roving.ts'
import { useScrollPlace } from './use-scroll-place.ts'

/** Pixels beyond the screen that are drawn too: enough for a fast wheel. */
const BUFFER_PX = 500

export interface MessageListProps {
  readonly log: MessageLog
  readonly kind: 'direct' | 'group'
  /** Accessible name. */
  readonly label: string
  readonly attention: 'looking' | 'away'
  readonly loadingOlder: boolean
  readonly onOlder: () => Promise<void>
  /** The highest numbered message that is on screen while somebody looks. */
  readonly onSeen: (seq: number) => void
  readonly onWish: (wish: MessageWish) => void
  /** Esc, the end of the list, and letters that belong into the text field. */
  readonly onLeave: () => void
  readonly control: Ref<MessageListControl>
}

/** What the rest of the conversation may ask of the list. */
export interface MessageListControl {
  focusLast(): void
}

/** The messages, virtualised: what is on screen keeps its place whatever is added around it. */
export function MessageList(props: MessageListProps) {
  const { log, attention, onSeen } = props
  const texts = useTexts(chatTexts)
  const { dates } = useSpeech()
  const now = useNow()
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const roving = useRoving(log.items, list, scroller)
  const jump = useJump(log, props.onOlder, (key) => roving.focusOn(key, 'center'))
  const { place, look, stay, toEnd } = useScrollPlace({
    log,
    list,
    scroller,
    onOlder: () => void props.onOlder(),
    onVisible: (seq) => {
      if (attention === 'looking') onSeen(seq)
    },
  })
  const keys = useMessageKeys({
    items: log.items,
    roving,
    jump: jump.to,
    onWish: props.onWish,
    onLeave: props.onLeave,
  })
  useAnnounced(log, attention)

  // Looking again makes what is on screen read.
  useEffect(() => look(), [attention, look])

  useImperativeHandle(props.control, () => ({
    focusLast: () => {
      const item = log.items[stepTo(log.items, log.items.length, 'last') ?? -1]
      if (item !== undefined) roving.focusOn(item.key)
    },
  }))

  const today = startOfDay(now)
  const below = countBelow(log.messages, place.seenSeq)
  const day = place.day
  return (
    <div className={styles.frame}>
      <p className={classNames(styles.pill, day !== undefined && styles.pillShown)} aria-hidden="true">
        {day !== undefined && dates.day(day, now)}
      </p>
      {props.loadingOlder && (
        <div className={styles.older}>
          <Spinner label={texts.chat.loadingOlder} />
        </div>
      )}
      <div
        ref={scroller}
        className={styles.scroller}
        role="log"
        aria-live="off"
        aria-label={props.label}
        {...keys.handlers}
      >
        <div className={styles.spacer} />
        <Virtualizer
          ref={list}
          scrollRef={scroller}
          data={log.items}
          shift={log.prepended}
          keepMounted={roving.stop === -1 ? [] : [roving.stop]}
          bufferSize={BUFFER_PX}
          onScroll={look}
          onScrollEnd={stay}
          onResize={stay}
        >
          {(item, index) => (
            <MessageRow
              key={item.key}
              item={item}
              kind={props.kind}
              now={item.kind === 'day' ? today : 0}
              tabStop={index === roving.stop}
              flash={item.key === jump.flash}
              tools={item.key === keys.at}
            />
          )}
        </Virtualizer>
      </div>
      {!place.atEnd && (
        <button
          type="button"
          className={styles.latest}
          aria-label={below > 0 ? texts.chat.toLatestCount(below) : texts.chat.toLatest}
          onClick={toEnd}
        >
          <ChevronDown aria-hidden="true" />
          <span aria-hidden="true" className={styles.latestCount}>
            <Badge count={below} label="" />
          </span>
        </button>
      )}
    </div>
  )
}

/** Reads out what arrives at the end while somebody looks, and nothing else. */
function useAnnounced(log: MessageLog, attention: 'looking' | 'away'): void {
  const announcer = useAnnouncer()
  const texts = useTexts(chatTexts)
  const say = useLatest(() => {
    const sentences = attention === 'looking' ? announcements(log.arrived, texts) : []
    if (sentences.length > 0) announcer.announce(sentences.join('. '))
  })
  useEffect(() => say(), [log, say])
}
