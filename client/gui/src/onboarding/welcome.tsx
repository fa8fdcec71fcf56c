import type { SessionView } from '@brieftaube/contract'
import { CloudOff, Info, Ticket } from 'lucide-react'
import { useCommand } from '../core/use-command.ts'
import { Banner } from '../kit/banner.tsx'
import { Button } from '../kit/button.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { CardHead } from './card-head.tsx'
import styles from './card.module.css'
import { onboardingTexts } from './texts.ts'

export interface WelcomeProps {
  readonly session: Extract<SessionView, { kind: 'signed-out' }>
  readonly onRegister: () => void
  readonly onLogIn: () => void
}

/** Who is here for the first time, who comes back, and why somebody was signed out. */
export function Welcome({ session, onRegister, onLogIn }: WelcomeProps) {
  const texts = useTexts(onboardingTexts)
  const reconnect = useCommand('reconnect')
  const { registration, reason, serverName } = session
  const title =
    serverName === undefined || serverName === '' ? texts.welcomeTitle : texts.welcomeTo(serverName)
  const newcomer = registration === 'open' && reason === undefined
  return (
    <>
      <CardHead title={title} lead={texts.welcomeText} />
      <div className={styles.stack}>
        {reason !== undefined && (
          <Banner tone="warning" icon={<Info />} announce>
            {texts.reasons[reason]}
          </Banner>
        )}
        {registration === undefined && (
          <Banner
            tone="warning"
            icon={<CloudOff />}
            announce
            actions={
              <Button busy={reconnect.running} onClick={() => void reconnect.run({})}>
                {texts.retry}
              </Button>
            }
          >
            {texts.unreachable}
          </Banner>
        )}
        {registration === 'invite-only' && reason === undefined && (
          <Banner icon={<Ticket />}>
            <strong>{texts.inviteOnlyTitle}</strong>
            {texts.inviteOnlyText}
          </Banner>
        )}
      </div>
      <div className={styles.actions}>
        {newcomer && (
          <Button variant="primary" fullWidth onClick={onRegister}>
            {texts.createAccount}
          </Button>
        )}
        <Button variant={newcomer ? 'secondary' : 'primary'} fullWidth onClick={onLogIn}>
          {newcomer ? texts.haveAccount : texts.logIn}
        </Button>
        {registration === 'open' && !newcomer && (
          <Button variant="quiet" fullWidth onClick={onRegister}>
            {texts.createAccount}
          </Button>
        )}
      </div>
    </>
  )
}
