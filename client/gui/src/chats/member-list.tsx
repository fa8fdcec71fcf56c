import type { ConversationView, MemberView } from '@brieftaube/contract'
import { EllipsisVertical, ShieldMinus, ShieldPlus, UserPlus, UserRound, UserX } from 'lucide-react'
import { useState } from 'react'
import { navigate } from '../app/router.ts'
import { pathOf } from '../app/routes.ts'
import { useCommand } from '../core/use-command.ts'
import { useView } from '../core/use-view.ts'
import { Avatar } from '../kit/avatar.tsx'
import { Banner } from '../kit/banner.tsx'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { ListRow } from '../kit/list-row.tsx'
import { MenuButton, type MenuItem } from '../kit/menu.tsx'
import { failureText } from '../texts/errors.ts'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'
import type { AccountId } from './ids.ts'
import { memberActions, orderedMembers, type MemberAction } from './member-rules.ts'
import { acceptedContacts } from './people.ts'
import { PersonPicker } from './person-picker.tsx'
import { Seal } from './seal.tsx'
import styles from './details-pane.module.css'
import { chatTexts } from './texts.ts'

/** The members of a group with what may be done with them. */
export function MemberList({ view }: { readonly view: ConversationView }) {
  const texts = useTexts(chatTexts)
  const { language } = useSpeech()
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<MemberView>()
  const setAdmin = useCommand('setAdmin')
  const remove = useCommand('removeMember')
  const { conversation } = view

  function carryOut(action: MemberAction, member: MemberView): void {
    switch (action) {
      case 'person':
        navigate(pathOf({ kind: 'contacts', account: member.account }))
        return
      case 'make-admin':
      case 'unmake-admin':
        void setAdmin.run({ conversation, account: member.account, admin: action === 'make-admin' })
        return
      case 'remove':
        remove.forget()
        setRemoving(member)
    }
  }

  return (
    <section aria-label={texts.details.members(view.members.length)}>
      <h3 className={styles.heading}>{texts.details.members(view.members.length)}</h3>
      {setAdmin.failure !== undefined && (
        <Banner tone="danger" announce>
          {failureText(language, setAdmin.failure)}
        </Banner>
      )}
      <div className={styles.box}>
        {view.active && view.ownRole === 'admin' && (
          <ListRow
            leading={
              <span className={styles.sign} aria-hidden="true">
                <UserPlus />
              </span>
            }
            title={texts.details.addMembers}
            onClick={() => setAdding(true)}
          />
        )}
        <ul>
          {orderedMembers(view.members).map((member) => (
            <Member
              key={member.account}
              member={member}
              actions={memberActions(view, member)}
              onAction={(action) => carryOut(action, member)}
            />
          ))}
        </ul>
      </div>
      {adding && <AddMembers view={view} onClose={() => setAdding(false)} />}
      {removing !== undefined && (
        <ConfirmDialog
          title={texts.details.removeTitle(removing.displayName)}
          action={texts.details.removeAction}
          cancel={texts.details.cancel}
          use={remove}
          run={() => remove.run({ conversation, account: removing.account })}
          onClose={() => setRemoving(undefined)}
        >
          <p>{texts.details.removeBody(removing.displayName)}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}

interface MemberProps {
  readonly member: MemberView
  readonly actions: readonly MemberAction[]
  readonly onAction: (action: MemberAction) => void
}

function Member({ member, actions, onAction }: MemberProps) {
  const texts = useTexts(chatTexts)
  const words: Readonly<Record<MemberAction, Omit<MenuItem, 'id' | 'onSelect'>>> = {
    person: { label: texts.details.person, icon: <UserRound /> },
    'make-admin': { label: texts.details.makeAdmin, icon: <ShieldPlus /> },
    'unmake-admin': { label: texts.details.unmakeAdmin, icon: <ShieldMinus /> },
    remove: { label: texts.details.remove, icon: <UserX />, danger: true },
  }
  const items = actions.map((id) => ({ id, ...words[id], onSelect: () => onAction(id) }))
  return (
    <li className={styles.member}>
      <Avatar
        size={40}
        name={member.displayName}
        seed={member.account}
        picture={member.picture}
        online={member.online}
      />
      <span className={styles.words}>
        <span className={styles.name}>
          <bdi>{member.own ? texts.details.you : member.displayName}</bdi>
          {member.verified && <Seal />}
          {member.admin && <span className={styles.role}>{texts.details.admin}</span>}
        </span>
        <span className={styles.sub}>
          {member.keyChanged ? (
            <span className={styles.changed}>{texts.details.keyChanged}</span>
          ) : (
            `@${member.userName} · ${texts.details.devices(member.devices)}`
          )}
        </span>
      </span>
      {items.length > 0 && (
        <MenuButton
          label={texts.details.memberMenu(member.displayName)}
          icon={<EllipsisVertical />}
          groups={[
            items.filter((item) => item.id !== 'remove'),
            items.filter((item) => item.id === 'remove'),
          ]}
        />
      )}
    </li>
  )
}

function AddMembers({ view, onClose }: { readonly view: ConversationView; readonly onClose: () => void }) {
  const texts = useTexts(chatTexts)
  const { language } = useSpeech()
  const members = new Set(view.members.map((member) => member.account))
  const people = acceptedContacts(useView('contacts') ?? []).filter(
    (contact) => !members.has(contact.account),
  )
  const [chosen, setChosen] = useState<readonly AccountId[]>([])
  const add = useCommand('addMembers')

  async function submit(): Promise<void> {
    if (chosen.length === 0 || add.running) return
    const outcome = await add.run({ conversation: view.conversation, members: [...chosen] })
    if (outcome.kind === 'done') onClose()
  }

  return (
    <Dialog
      title={texts.details.addMembers}
      closeLabel={texts.details.cancel}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{texts.details.cancel}</Button>
          <Button
            variant="primary"
            disabled={chosen.length === 0}
            busy={add.running}
            onClick={() => void submit()}
          >
            {texts.details.add(chosen.length)}
          </Button>
        </>
      }
    >
      {add.failure !== undefined && (
        <Banner tone="danger" announce>
          {failureText(language, add.failure)}
        </Banner>
      )}
      {people.length === 0 ? (
        <p className={styles.sub}>{texts.details.nobodyToAdd}</p>
      ) : (
        <PersonPicker people={people} chosen={chosen} onChosen={setChosen} />
      )}
    </Dialog>
  )
}
