import type { ConversationView } from '@brieftaube/contract'
import { Ban, KeyRound, Hourglass, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { navigate } from '../app/router.ts'
import { pathOf } from '../app/routes.ts'
import { useCommand } from '../core/use-command.ts'
import { Banner } from '../kit/banner.tsx'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { failureText } from '../texts/errors.ts'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import { isolate } from './bidi.ts'
import type { AccountId } from './ids.ts'
import { titleOf } from './sentences.ts'
import styles from './composer-notice.module.css'
import { chatTexts } from './texts.ts'

export interface ComposerNoticeProps {
  readonly view: ConversationView
  readonly onNewChat: () => void
}

/** Why nothing can be sent here, and what to do about it. Nothing while everything is as usual. */
export function ComposerNotice({ view, onNewChat }: ComposerNoticeProps) {
  const texts = useTexts(chatTexts)
  switch (view.active ? view.sendingBlocked : 'left') {
    case undefined:
      return undefined
    case 'preparing':
      return (
        <div className={styles.place}>
          <Banner icon={<Hourglass />}>{texts.composer.preparing}</Banner>
        </div>
      )
    case 'left':
      return (
        <div className={styles.last}>
          <Banner
            icon={<UsersRound />}
            actions={<Button onClick={onNewChat}>{texts.composer.newChat}</Button>}
          >
            {view.kind === 'group' ? texts.composer.left : texts.composer.leftDirect}
          </Banner>
        </div>
      )
    case 'blocked':
      return <Blocked view={view} />
    case 'key-changed':
      return (
        <div className={styles.place}>
          {view.keyChanged.map((account) => (
            <KeyChanged key={account} view={view} account={account} />
          ))}
        </div>
      )
  }
}

function Blocked({ view }: { readonly view: ConversationView }) {
  const texts = useTexts(chatTexts)
  const { language } = useSpeech()
  const unblock = useCommand('changeContact')
  const { peer } = view
  return (
    <div className={styles.last}>
      <Banner
        icon={<Ban />}
        actions={
          peer !== undefined && (
            <Button
              busy={unblock.running}
              onClick={() => void unblock.run({ account: peer, action: 'unblock' })}
            >
              {texts.composer.unblock}
            </Button>
          )
        }
      >
        {texts.composer.blocked(isolate(titleOf(view, texts)))}
        {unblock.failure !== undefined && <p>{failureText(language, unblock.failure)}</p>}
      </Banner>
    </div>
  )
}

function KeyChanged({ view, account }: { readonly view: ConversationView; readonly account: AccountId }) {
  const texts = useTexts(chatTexts)
  const [asking, setAsking] = useState(false)
  const name = view.members.find((member) => member.account === account)?.displayName ?? titleOf(view, texts)
  return (
    <Banner tone="warning" announce icon={<KeyRound />}>
      <strong>{texts.composer.keyChanged(isolate(name))}</strong>
      {texts.composer.keyChangedWhy}
      <div className={styles.steps}>
        <Button variant="primary" onClick={() => navigate(pathOf({ kind: 'contacts', account }))}>
          {texts.composer.compare}
        </Button>
        <Button onClick={() => setAsking(true)}>{texts.composer.accept}</Button>
      </div>
      {asking && <AcceptDialog account={account} name={name} onClose={() => setAsking(false)} />}
    </Banner>
  )
}

interface AcceptDialogProps {
  readonly account: AccountId
  readonly name: string
  readonly onClose: () => void
}

function AcceptDialog({ account, name, onClose }: AcceptDialogProps) {
  const texts = useTexts(chatTexts)
  const { language } = useSpeech()
  const accept = useCommand('acceptKeyChange')
  return (
    <Dialog
      title={texts.composer.acceptTitle}
      closeLabel={texts.composer.cancel}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{texts.composer.cancel}</Button>
          <Button
            variant="primary"
            busy={accept.running}
            onClick={() =>
              void accept.run({ account }).then((outcome) => {
                if (outcome.kind === 'done') onClose()
              })
            }
          >
            {texts.composer.accept}
          </Button>
        </>
      }
    >
      <p>{texts.composer.acceptBody(isolate(name))}</p>
      {accept.failure !== undefined && <p role="alert">{failureText(language, accept.failure)}</p>}
    </Dialog>
  )
}
