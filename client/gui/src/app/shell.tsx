import type { SessionView } from '@brieftaube/contract'
import { lazy, Suspense, useEffect, useState } from 'react'
import { ChatsArea } from '../chats/chats-area.tsx'
import { useView } from '../core/use-view.ts'
import { Button } from '../kit/button.tsx'
import { classNames } from '../kit/class-names.ts'
import { EmptyState } from '../kit/empty-state.tsx'
import { Spinner } from '../kit/spinner.tsx'
import { NavigationBar } from '../navigation/navigation-bar.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { Pigeon } from './pigeon.tsx'
import { watchRegions } from './regions.ts'
import { navigate, useRoute, watchEscape } from './router.ts'
import { areaOf, pathOf, showsList, type Route } from './routes.ts'
import styles from './shell.module.css'
import { watchShortcuts } from './shortcuts.ts'
import { appTexts } from './texts.ts'
import { unreadOf, usePageTitle } from './page-title.ts'
import { UpdateBanner } from './update-banner.tsx'

const load = {
  contacts: () => import('../contacts/contacts-area.tsx'),
  settings: () => import('../settings/settings-area.tsx'),
  switcher: () => import('./quick-switcher.tsx'),
  shortcuts: () => import('./shortcuts-dialog.tsx'),
}
const ContactsArea = lazy(async () => ({ default: (await load.contacts()).ContactsArea }))
const SettingsArea = lazy(async () => ({ default: (await load.settings()).SettingsArea }))
const QuickSwitcher = lazy(async () => ({ default: (await load.switcher()).QuickSwitcher }))
const ShortcutsDialog = lazy(async () => ({ default: (await load.shortcuts()).ShortcutsDialog }))

/** Once nothing else is to be done, the rest is fetched, so that no letter typed into the switcher goes astray. */
function loadRest(): () => void {
  const timer = setTimeout(() => {
    for (const each of Object.values(load)) each().catch(() => undefined)
  }, 1500)
  return () => clearTimeout(timer)
}

export interface ShellProps {
  readonly session: Extract<SessionView, { kind: 'signed-in' }>
}

/** Navigation bar, banners and the area of the current route. */
export function Shell({ session }: ShellProps) {
  const route = useRoute()
  const contacts = useView('contacts')
  const unread = unreadOf(useView('conversations'))
  const requests = contacts?.filter((contact) => contact.state === 'incoming').length ?? 0
  const [overlay, setOverlay] = useState<'switcher' | 'shortcuts'>()

  usePageTitle(route, unread)
  useEffect(loadRest, [])
  useEffect(watchRegions, [])
  useEffect(watchEscape, [])
  useEffect(
    () =>
      watchShortcuts({ switcher: () => setOverlay('switcher'), shortcuts: () => setOverlay('shortcuts') }),
    [],
  )
  // The invitation has done its work once somebody is signed in.
  useEffect(() => {
    if (route.kind === 'invite') navigate('/', { replace: true })
  }, [route])

  return (
    <div className={classNames(styles.shell, !showsList(route) && styles.deep)}>
      <NavigationBar area={areaOf(route)} unread={unread} requests={requests} session={session} />
      <div className={styles.stage}>
        <ConnectionBanner />
        <UpdateBanner />
        <div className={styles.area}>
          <ErrorBoundary place={pathOf(route)}>
            <Suspense fallback={<Waiting />}>
              <Area route={route} />
            </Suspense>
          </ErrorBoundary>
        </div>
      </div>
      <Suspense>
        {overlay === 'switcher' && <QuickSwitcher onClose={() => setOverlay(undefined)} />}
        {overlay === 'shortcuts' && <ShortcutsDialog onClose={() => setOverlay(undefined)} />}
      </Suspense>
    </div>
  )
}

function Area({ route }: { readonly route: Route }) {
  switch (route.kind) {
    case 'chats':
      return <ChatsArea conversation={route.conversation} details={route.details} />
    case 'contacts':
      return <ContactsArea account={route.account} userName={undefined} />
    case 'person':
      return <ContactsArea account={undefined} userName={route.userName} />
    case 'settings':
      return <SettingsArea section={route.section} />
    case 'invite':
      return <Waiting />
    case 'unknown':
      return <Unknown />
  }
}

function Waiting() {
  return <Spinner centered label={useTexts(appTexts).opening} />
}

function Unknown() {
  const texts = useTexts(appTexts)
  return (
    <main data-region="main" className={styles.unknown}>
      <EmptyState
        level={1}
        icon={<Pigeon size={40} />}
        title={texts.unknownTitle}
        actions={
          <Button variant="primary" onClick={() => navigate('/', { replace: true })}>
            {texts.toChats}
          </Button>
        }
      >
        {texts.unknownText}
      </EmptyState>
    </main>
  )
}
