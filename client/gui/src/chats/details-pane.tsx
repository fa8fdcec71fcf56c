import type { ConversationView } from '@brieftaube/contract'
import { Lock, LogOut, Pencil, UserRound, X } from 'lucide-react'
import { useState } from 'react'
import { goBack, navigate } from '../app/router.ts'
import { pathOf } from '../app/routes.ts'
import { useCommand } from '../core/use-command.ts'
import { useView } from '../core/use-view.ts'
import { Avatar } from '../kit/avatar.tsx'
import { Button } from '../kit/button.tsx'
import { IconButton } from '../kit/icon-button.tsx'
import { ListRow } from '../kit/list-row.tsx'
import { PaneHeader } from '../kit/pane-header.tsx'
import { Spinner } from '../kit/spinner.tsx'
import { TextField } from '../kit/text-field.tsx'
import { failureText } from '../texts/errors.ts'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'
import type { ConversationId } from './ids.ts'
import { MemberList } from './member-list.tsx'
import { titleOf } from './sentences.ts'
import styles from './details-pane.module.css'
import { chatTexts } from './texts.ts'

const TITLE_MAX_CHARS = 64

/** Who is in a conversation, and what can be done with it. */
export function DetailsPane({ conversation }: { readonly conversation: ConversationId }) {
  const texts = useTexts(chatTexts)
  const view = useView('conversation', { conversation })
  const close = () => goBack({ kind: 'chats', conversation, details: false })
  return (
    <>
      <PaneHeader
        title={view?.kind === 'group' ? texts.details.groupTitle : texts.details.title}
        actions={<IconButton label={texts.details.close} icon={<X />} onClick={close} />}
      />
      {view === undefined ? (
        <Spinner centered label={texts.chat.loading} />
      ) : (
        <div className={styles.scroller} tabIndex={-1}>
          <Summary view={view} />
          {view.kind === 'direct' && <Person view={view} />}
          <section className={styles.promise}>
            <Lock aria-hidden="true" />
            <div>
              <h3>{texts.details.encrypted}</h3>
              <p>{texts.details.encryptedHint}</p>
            </div>
          </section>
          {view.kind === 'group' && <MemberList view={view} />}
          {view.kind === 'group' && view.active && <Leave view={view} />}
        </div>
      )}
    </>
  )
}

function Summary({ view }: { readonly view: ConversationView }) {
  const texts = useTexts(chatTexts)
  const [renaming, setRenaming] = useState(false)
  const title = titleOf(view, texts)
  const other = view.kind === 'direct' ? view.members.find((member) => !member.own) : undefined
  const mayRename = view.kind === 'group' && view.active && view.ownRole === 'admin'
  return (
    <section className={styles.summary}>
      <Avatar
        size={96}
        name={title}
        seed={view.peer ?? view.conversation}
        picture={view.picture}
        square={view.kind === 'group'}
        online={other?.online}
      />
      {renaming ? (
        <Rename view={view} onDone={() => setRenaming(false)} />
      ) : (
        <h3 className={styles.title}>
          <bdi>{title}</bdi>
          {mayRename && (
            <IconButton label={texts.details.rename} icon={<Pencil />} onClick={() => setRenaming(true)} />
          )}
        </h3>
      )}
      {other === undefined ? (
        <p className={styles.line}>{texts.chat.members(view.members.length)}</p>
      ) : (
        <>
          <p className={styles.line}>@{other.userName}</p>
          {other.statusText !== '' && <p className={styles.status}>{other.statusText}</p>}
          <p className={styles.line}>{texts.details.devices(other.devices)}</p>
        </>
      )}
    </section>
  )
}

function Rename({ view, onDone }: { readonly view: ConversationView; readonly onDone: () => void }) {
  const texts = useTexts(chatTexts)
  const { language } = useSpeech()
  const [title, setTitle] = useState(view.title)
  const rename = useCommand('renameGroup')

  async function submit(): Promise<void> {
    const wanted = title.trim()
    if (wanted === '' || rename.running) return
    if (wanted !== view.title) {
      const outcome = await rename.run({ conversation: view.conversation, title: wanted })
      if (outcome.kind === 'failed') return
    }
    onDone()
  }

  return (
    <form
      className={styles.rename}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onDone()
      }}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <TextField
        autoFocus
        label={texts.newGroup.name}
        maxLength={TITLE_MAX_CHARS}
        value={title}
        onValue={setTitle}
        error={
          title.trim() === ''
            ? texts.newGroup.nameMissing
            : rename.failure === undefined
              ? undefined
              : failureText(language, rename.failure)
        }
      />
      <div className={styles.buttons}>
        <Button onClick={onDone}>{texts.details.cancel}</Button>
        <Button type="submit" variant="primary" busy={rename.running}>
          {texts.details.save}
        </Button>
      </div>
    </form>
  )
}

function Person({ view }: { readonly view: ConversationView }) {
  const texts = useTexts(chatTexts)
  const { peer } = view
  if (peer === undefined) return undefined
  return (
    <section className={styles.box}>
      <ListRow
        href={pathOf({ kind: 'contacts', account: peer })}
        leading={<UserRound aria-hidden="true" />}
        title={texts.details.person}
      />
    </section>
  )
}

function Leave({ view }: { readonly view: ConversationView }) {
  const texts = useTexts(chatTexts)
  const [asking, setAsking] = useState(false)
  const leave = useCommand('leaveConversation')
  const admins = view.members.filter((member) => member.admin)
  const lastAdmin = view.ownRole === 'admin' && admins.length === 1 && view.members.length > 1
  return (
    <section className={styles.box}>
      <ListRow
        className={styles.danger}
        leading={<LogOut aria-hidden="true" />}
        title={texts.details.leave}
        onClick={() => setAsking(true)}
      />
      {asking && (
        <ConfirmDialog
          title={texts.details.leaveTitle}
          action={texts.details.leave}
          cancel={texts.details.cancel}
          use={leave}
          run={() => leave.run({ conversation: view.conversation })}
          onClose={(done) => {
            setAsking(false)
            if (done)
              navigate({ kind: 'chats', conversation: view.conversation, details: false }, { replace: true })
          }}
        >
          <p>{texts.details.leaveBody}</p>
          {lastAdmin && <p className={styles.advice}>{texts.details.leaveLastAdmin}</p>}
        </ConfirmDialog>
      )}
    </section>
  )
}
