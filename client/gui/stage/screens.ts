/** Every screen that can be looked at: its address and the states behind it. */
import type { Settings } from '@brieftaube/contract'
import { chatScreens } from './chats-screens.ts'
import { stageAccount } from './people.ts'
import { signIn } from './signed-in.ts'
import { stageFailure, type StageCore } from './stage-core.ts'

export interface Stage {
  readonly core: StageCore
  readonly language: 'de' | 'en'
  readonly settings: Settings
}

export interface Screen {
  readonly path: string
  readonly prepare: (stage: Stage) => void
}

const recoveryKey = 'K7QM-29XF-PL4T-8WRD-HN3C-VZ6B-5GJA-2MXR-TE9S'

function at(path: string, more?: (stage: Stage) => void): Screen {
  return {
    path,
    prepare: (stage) => {
      signIn(stage.core, stage.language, stage.settings)
      more?.(stage)
    },
  }
}

function signedOut(
  path: string,
  registration: 'open' | 'invite-only' | undefined,
  reason?: 'revoked' | 'storage-lost' | 'expired' | 'disabled',
): Screen {
  return {
    path,
    prepare: ({ core, settings, language }) => {
      core.put('settings', {}, settings)
      core.put('session', {}, { kind: 'signed-out', registration, serverName: 'Verein Frühling', reason })
      core.on('register', async ({ userName }) => {
        await new Promise((resolve) => setTimeout(resolve, 1200))
        if (userName === 'bob') throw stageFailure('name-taken')
        core.put('session', {}, { kind: 'confirming-recovery-key', userName, recoveryKey })
        return { recoveryKey }
      })
      core.on('logIn', async ({ password }) => {
        await new Promise((resolve) => setTimeout(resolve, 1200))
        if (password === 'falsch') throw stageFailure('wrong-credentials')
        signIn(core, language, settings)
        return undefined
      })
      core.on('logInWithRecoveryKey', () => {
        throw stageFailure('recovery-key-typo')
      })
      answerRecoveryKey({ core, settings, language })
    },
  }
}

function answerRecoveryKey({ core, settings, language }: Stage): void {
  core.on('confirmRecoveryKey', ({ lastCharacters }) => {
    if (lastCharacters !== 'TE9S') throw stageFailure('wrong-recovery-key')
    signIn(core, language, settings)
    return undefined
  })
}

const recovery: Screen = {
  path: '/',
  prepare: (stage) => {
    stage.core.put('settings', {}, stage.settings)
    stage.core.put('session', {}, { kind: 'confirming-recovery-key', userName: 'alice', recoveryKey })
    answerRecoveryKey(stage)
  },
}

const loading: Screen = {
  path: '/',
  prepare: ({ core, settings }) => {
    core.put('settings', {}, settings)
    core.put('session', {}, { kind: 'loading' })
  },
}

const shellScreens: Readonly<Record<string, Screen>> = {
  loading: loading,
  welcome: signedOut('/', 'open'),
  'welcome-invite-only': signedOut('/', 'invite-only'),
  'welcome-unreachable': signedOut('/', undefined),
  register: signedOut('/invite/Zk3vQm8tYw', 'invite-only'),
  revoked: signedOut('/', 'open', 'revoked'),
  'storage-lost': signedOut('/', 'open', 'storage-lost'),
  disabled: signedOut('/', 'open', 'disabled'),
  'recovery-key': recovery,
  contacts: at('/contacts'),
  'contacts-empty': at('/contacts', ({ core }) => {
    core.put('contacts', {}, [])
    core.put('conversations', {}, [])
  }),
  contact: at(`/contacts/${stageAccount('bob')}`),
  'contact-request': at(`/contacts/${stageAccount('hanna')}`),
  'contact-outgoing': at(`/contacts/${stageAccount('katja')}`),
  'contact-blocked': at(`/contacts/${stageAccount('mallory')}`),
  'contact-key-changed': at(`/contacts/${stageAccount('frieda')}`),
  person: at('/@nora'),
  'person-unknown': at('/@niemand'),
  settings: at('/settings'),
  'settings-profile': at('/settings/profile'),
  'settings-account': at('/settings/account'),
  'settings-devices': at('/settings/devices'),
  'settings-appearance': at('/settings/appearance'),
  'settings-privacy': at('/settings/privacy'),
  'settings-keyboard': at('/settings/keyboard'),
  'settings-about': at('/settings/about'),
  offline: at('/contacts', ({ core }) =>
    core.put('connection', {}, { kind: 'offline', waiting: 3, catchingUp: false }),
  ),
  unknown: at('/nirgendwo'),
}

export const screens: Readonly<Record<string, Screen>> = {
  ...chatScreens,
  ...shellScreens,
}
