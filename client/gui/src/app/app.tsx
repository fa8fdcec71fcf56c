import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import { CoreContext, type CoreAccess } from '../core/core-context.ts'
import { useView } from '../core/use-view.ts'
import { AnnouncerProvider } from '../kit/announcer.tsx'
import { TooltipLayer } from '../kit/tooltip-layer.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { Opening } from './opening.tsx'
import { catchLinks, useRoute } from './router.ts'
import { SettingsProvider } from './settings-context.tsx'
import { Shell } from './shell.tsx'
import { appTexts } from './texts.ts'

const Onboarding = lazy(async () => ({ default: (await import('../onboarding/onboarding.tsx')).Onboarding }))

/** The whole window over a core. */
export function App({ access }: { readonly access: CoreAccess }) {
  return (
    <CoreContext value={access}>
      <SettingsProvider>
        <Frame>
          <Gate />
        </Frame>
      </SettingsProvider>
    </CoreContext>
  )
}

function Frame({ children }: { readonly children: ReactNode }) {
  const texts = useTexts(appTexts)
  useEffect(catchLinks, [])
  return (
    <AnnouncerProvider closeLabel={texts.close}>
      <ErrorBoundary place="window">{children}</ErrorBoundary>
      <TooltipLayer />
    </AnnouncerProvider>
  )
}

/** Signed in: the shell. Otherwise whatever leads there. */
function Gate() {
  const session = useView('session')
  const route = useRoute()
  // Signing in keeps its screen until the core has said so, however long that takes.
  const [inviteCode] = useState(route.kind === 'invite' ? route.code : undefined)
  if (session === undefined || session.kind === 'loading') return <Opening />
  if (session.kind === 'signed-in') return <Shell session={session} />
  return (
    <Suspense fallback={<Opening />}>
      <Onboarding session={session} inviteCode={inviteCode} />
    </Suspense>
  )
}
