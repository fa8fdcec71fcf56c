import type { SessionView } from '@brieftaube/contract'
import { MessageCircle, Settings, UsersRound, type LucideIcon } from 'lucide-react'
import { Pigeon } from '../app/pigeon.tsx'
import type { Area } from '../app/routes.ts'
import { useView } from '../core/use-view.ts'
import { Avatar } from '../kit/avatar.tsx'
import { Badge } from '../kit/badge.tsx'
import { VisuallyHidden } from '../kit/visually-hidden.tsx'
import { useTexts } from '../texts/use-texts.ts'
import styles from './navigation-bar.module.css'
import { navigationTexts } from './texts.ts'

export interface NavigationBarProps {
  readonly area: Area
  readonly unread: number
  readonly requests: number
  readonly session: Extract<SessionView, { kind: 'signed-in' }>
}

/** Chats, contacts, settings: on the left, on a phone at the bottom. */
export function NavigationBar({ area, unread, requests, session }: NavigationBarProps) {
  const texts = useTexts(navigationTexts)
  const profile = useView('profile')
  const name = profile?.displayName ?? session.userName
  return (
    <nav className={styles.bar} aria-label={texts.name} data-region="navigation">
      <span className={styles.mark}>
        <Pigeon />
      </span>
      <Item
        href="/"
        label={texts.chats}
        icon={MessageCircle}
        current={area === 'chats'}
        count={unread}
        countLabel={texts.unread(unread)}
      />
      <Item
        href="/contacts"
        label={texts.contacts}
        icon={UsersRound}
        current={area === 'contacts'}
        count={requests}
        countLabel={texts.requests(requests)}
      />
      <span className={styles.gap} />
      <Item
        href="/settings"
        label={texts.settings}
        icon={Settings}
        current={area === 'settings'}
        count={0}
        countLabel=""
      />
      <a href="/settings/profile" className={styles.me} data-tooltip={texts.ownProfile(name)}>
        <Avatar name={name} seed={session.account} picture={profile?.picture} size={40} />
        <VisuallyHidden>{texts.ownProfile(name)}</VisuallyHidden>
      </a>
    </nav>
  )
}

interface ItemProps {
  readonly href: string
  readonly label: string
  readonly icon: LucideIcon
  readonly current: boolean
  readonly count: number
  readonly countLabel: string
}

function Item({ href, label, icon: Icon, current, count, countLabel }: ItemProps) {
  return (
    <a href={href} className={styles.item} aria-current={current ? 'page' : undefined}>
      <span className={styles.icon}>
        <Icon aria-hidden="true" />
        <Badge count={count} label={countLabel} className={styles.badge} />
      </span>
      <span className={styles.label}>{label}</span>
    </a>
  )
}
