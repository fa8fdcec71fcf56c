import type { SessionView } from '@brieftaube/contract'
import { useState } from 'react'
import { LogInForm } from './log-in-form.tsx'
import { Frame } from './frame.tsx'
import { RecoveryKeyScreen } from './recovery-key-screen.tsx'
import { RecoveryLogInForm } from './recovery-log-in-form.tsx'
import { RegisterForm } from './register-form.tsx'
import { Welcome } from './welcome.tsx'

type SignedOut = Extract<SessionView, { kind: 'signed-out' }>

export interface OnboardingProps {
  readonly session: SignedOut | Extract<SessionView, { kind: 'confirming-recovery-key' }>
  readonly inviteCode: string | undefined
}

type Step = 'welcome' | 'register' | 'log-in' | 'recover'

/** Everything before somebody is signed in. */
export function Onboarding({ session, inviteCode }: OnboardingProps) {
  const [step, setStep] = useState<Step>(inviteCode === undefined ? 'welcome' : 'register')
  if (session.kind === 'confirming-recovery-key') {
    return (
      <Frame>
        <RecoveryKeyScreen userName={session.userName} recoveryKey={session.recoveryKey} />
      </Frame>
    )
  }
  return (
    <Frame hero={step === 'welcome'}>
      <StepCard step={step} onStep={setStep} session={session} inviteCode={inviteCode} />
    </Frame>
  )
}

interface StepCardProps {
  readonly step: Step
  readonly onStep: (step: Step) => void
  readonly session: SignedOut
  readonly inviteCode: string | undefined
}

function StepCard({ step, onStep, session, inviteCode }: StepCardProps) {
  switch (step) {
    case 'welcome':
      return (
        <Welcome session={session} onRegister={() => onStep('register')} onLogIn={() => onStep('log-in')} />
      )
    case 'register':
      return <RegisterForm inviteCode={inviteCode} onLogIn={() => onStep('log-in')} />
    case 'log-in':
      return (
        <LogInForm
          onRecover={() => onStep('recover')}
          onBack={() => onStep(inviteCode === undefined ? 'welcome' : 'register')}
        />
      )
    case 'recover':
      return <RecoveryLogInForm onBack={() => onStep('log-in')} />
  }
}
