import { useState, type FocusEvent, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react'
import { messageActionOf, type MessageAction } from './keyboard.ts'
import type { MessageItem } from './message-items.ts'
import { stepTo, type RovingStep } from './use-roving.ts'

/** What somebody wants to do with a message. */
export interface MessageWish {
  readonly act: 'reply' | 'copy' | 'menu' | 'retry' | 'discard'
  readonly key: string
  /** Where a menu opens. */
  readonly anchor: HTMLElement | { readonly x: number; readonly y: number }
}

interface KeysInput {
  readonly items: readonly MessageItem[]
  readonly roving: {
    readonly stop: number
    readonly noteFocus: (key: string) => void
    readonly focusOn: (key: string) => void
  }
  readonly jump: (key: string) => void
  readonly onWish: (wish: MessageWish) => void
  readonly onLeave: () => void
}

/** Keys and presses on messages, taken at the list: a row needs no handlers of its own. */
export function useMessageKeys({ items, roving, jump, onWish, onLeave }: KeysInput) {
  const [at, setAt] = useState<string>()

  function move(to: RovingStep): void {
    const next = items[stepTo(items, roving.stop, to) ?? -1]
    if (next !== undefined) roving.focusOn(next.key)
    else if (to === 'next') onLeave()
  }

  function carryOut(action: MessageAction, key: string, article: HTMLElement): void {
    switch (action.kind) {
      case 'move':
        move(action.to)
        return
      case 'to-composer':
        onLeave()
        return
      case 'reply':
      case 'copy':
      case 'menu':
        onWish({
          act: action.kind,
          key,
          anchor: article.querySelector<HTMLElement>('[data-act=bubble]') ?? article,
        })
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    const article = event.target instanceof HTMLElement ? event.target : undefined
    const key = article?.dataset['message']
    if (article === undefined || key === undefined) return
    const letter =
      event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && event.key !== ' '
    // After a press with the mouse somebody who types wants to write.
    if (letter && (!article.matches(':focus-visible') || messageActionOf(event) === undefined)) {
      if (event.key !== '?') onLeave()
      return
    }
    const action = messageActionOf(event)
    if (action === undefined || (action.kind === 'copy' && hasSelection())) return
    event.preventDefault()
    carryOut(action, key, article)
  }

  function onClick(event: MouseEvent): void {
    const { act, key, element } = pressed(event.target)
    if (act === undefined || key === undefined || element === undefined) return
    if (act === 'jump') {
      const target = element.dataset['target']
      if (target !== undefined) jump(target)
      return
    }
    if (act !== 'bubble') {
      onWish({ act, key, anchor: element })
      return
    }
    // A finger has nothing to hover with: a tap on the message opens its menu.
    const touched = 'pointerType' in event.nativeEvent && event.nativeEvent.pointerType === 'touch'
    if (touched && !hasSelection() && !isLink(event.target)) onWish({ act: 'menu', key, anchor: element })
  }

  function onContextMenu(event: MouseEvent): void {
    const { act, key } = pressed(event.target)
    if (act === undefined || key === undefined || hasSelection() || isLink(event.target)) return
    event.preventDefault()
    onWish({ act: 'menu', key, anchor: { x: event.clientX, y: event.clientY } })
  }

  function onFocus(event: FocusEvent): void {
    const key = articleOf(event.target)?.dataset['message']
    if (key === undefined) return
    roving.noteFocus(key)
    setAt(key)
  }

  function onPointerOver(event: PointerEvent): void {
    if (event.pointerType === 'mouse') setAt(articleOf(event.target)?.dataset['message'])
  }

  return {
    /** Key of the message that the pointer or the focus is on. */
    at,
    handlers: {
      onKeyDown,
      onClick,
      onContextMenu,
      onFocus,
      onPointerOver,
      onPointerLeave: () => setAt(undefined),
    },
  }
}

function articleOf(target: EventTarget): HTMLElement | undefined {
  return target instanceof Element ? (target.closest<HTMLElement>('[data-message]') ?? undefined) : undefined
}

type Act = MessageWish['act'] | 'jump' | 'bubble'

function pressed(target: EventTarget) {
  const element =
    target instanceof Element ? (target.closest<HTMLElement>('[data-act]') ?? undefined) : undefined
  return {
    element,
    // Written by the rows, which know these only.
    act: element?.dataset['act'] as Act | undefined,
    key: articleOf(target)?.dataset['message'],
  }
}

function hasSelection(): boolean {
  return document.getSelection()?.isCollapsed === false
}

function isLink(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a') !== null
}
