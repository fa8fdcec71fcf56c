import {
  useEffectEvent,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react'
import { classNames } from './class-names.ts'
import { IconButton, type IconButtonProps } from './icon-button.tsx'
import { nextItem, placeMenu } from './menu-rules.ts'
import styles from './menu.module.css'

export interface MenuItem {
  readonly id: string
  readonly label: string
  readonly icon?: ReactNode
  /** Drawn at the end, for example a shortcut. */
  readonly detail?: string | undefined
  readonly danger?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly onSelect: () => void
}

/** A point of the window (pointer position) or an element to stand beside. */
type MenuAnchor = HTMLElement | { readonly x: number; readonly y: number }

export interface MenuProps {
  readonly label: string
  /** A group is divided from the next by a line. */
  readonly groups: readonly (readonly MenuItem[])[]
  readonly anchor: MenuAnchor
  readonly onClose: () => void
}

/** A menu in the top layer, open while it is mounted; arrows, Home, End, letters, Enter and Esc work. */
export function Menu({ label, groups, anchor, onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null)
  const close = useEffectEvent(onClose)

  useLayoutEffect(() => {
    const element = menu.current
    if (element === null) return
    const before = document.activeElement
    element.showPopover()
    const place = placeMenu(boundsOf(anchor), element.getBoundingClientRect(), {
      width: document.documentElement.clientWidth,
      height: window.innerHeight,
    })
    element.style.left = `${place.left}px`
    element.style.top = `${place.top}px`
    element.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    function toggled(event: Event): void {
      if ((event as ToggleEvent).newState === 'closed') close()
    }
    element.addEventListener('toggle', toggled)
    return () => {
      element.removeEventListener('toggle', toggled)
      const hadFocus = element.contains(document.activeElement) || document.activeElement === document.body
      if (element.matches(':popover-open')) element.hidePopover()
      if (hadFocus && before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [anchor])

  function press(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      event.stopPropagation()
      onClose()
      return
    }
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')]
    const current = items.findIndex((item) => item === document.activeElement)
    const next = nextItem(
      event.key,
      current,
      items.map((item) => item.textContent),
    )
    if (next === undefined) return
    event.preventDefault()
    items[next]?.focus()
  }

  return (
    <div
      ref={menu}
      popover="auto"
      role="menu"
      tabIndex={-1}
      aria-label={label}
      className={styles.menu}
      onKeyDown={press}
    >
      {groups
        .filter((group) => group.length > 0)
        .map((group) => (
          <div key={group.map((item) => item.id).join()} role="group" className={styles.group}>
            {group.map((item) => (
              <MenuLine key={item.id} item={item} onClose={onClose} />
            ))}
          </div>
        ))}
    </div>
  )
}

function MenuLine({ item, onClose }: { readonly item: MenuItem; readonly onClose: () => void }) {
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      aria-disabled={item.disabled === true || undefined}
      className={classNames(styles.item, item.danger === true && styles.danger)}
      onPointerMove={(event) => event.currentTarget.focus()}
      onClick={() => {
        if (item.disabled === true) return
        onClose()
        item.onSelect()
      }}
    >
      <span className={styles.icon}>{item.icon}</span>
      <span className={styles.label}>{item.label}</span>
      {item.detail !== undefined && (
        <span className={styles.detail} aria-hidden="true">
          {item.detail}
        </span>
      )}
    </button>
  )
}

function boundsOf(anchor: MenuAnchor): DOMRect {
  return anchor instanceof HTMLElement
    ? anchor.getBoundingClientRect()
    : new DOMRect(anchor.x, anchor.y, 0, 0)
}

export interface MenuButtonProps extends Omit<IconButtonProps, 'onClick'> {
  readonly groups: readonly (readonly MenuItem[])[]
}

/** An icon button that opens a menu. */
export function MenuButton({ groups, ...rest }: MenuButtonProps) {
  const id = useId()
  const [anchor, setAnchor] = useState<HTMLElement>()
  return (
    <>
      <IconButton
        {...rest}
        id={id}
        aria-haspopup="menu"
        aria-expanded={anchor !== undefined}
        onClick={(event) => setAnchor(event.currentTarget)}
      />
      {anchor !== undefined && (
        <Menu label={rest.label} groups={groups} anchor={anchor} onClose={() => setAnchor(undefined)} />
      )}
    </>
  )
}
