import type { ContactView } from '@brieftaube/contract'
import { Ban, MessageCircle, ShieldAlert, ShieldCheck, Trash2, UserRoundX } from 'lucide-react'
import { useState } from 'react'
import { goBack, navigate } from '../app/router.ts'
import { useAct } from '../app/use-act.ts'
import { useAnnouncer } from '../kit/announcer.tsx'
import { Banner } from '../kit/banner.tsx'
import { Box, BoxButton } from '../kit/box.tsx'
import { Button } from '../kit/button.tsx'
import { ConfirmDialog } from '../kit/confirm-dialog.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { PaneHeader } from '../kit/pane-header.tsx'
import { useTexts } from '../texts/use-texts.ts'
import styles from './contact-page.module.css'
import { PersonHead } from './person-head.tsx'
import { SafetyNumberDialog } from './safety-number-dialog.tsx'
import { contactTexts } from './texts.ts'
import { useContactActions } from './use-contact-actions.ts'

/** One person: what one can do together, and how sure one is that it is them. */
export function ContactPage({ contact }: { readonly contact: ContactView | undefined }) {
  const texts = useTexts(contactTexts)
  const back = { label: texts.back, onBack: () => goBack('/contacts') }
  if (contact === undefined) {
    return (
      <>
        <PaneHeader title={texts.pageName} back={back} />
        <EmptyState
          icon={<UserRoundX />}
          title={texts.goneTitle}
          actions={
            <Button onClick={() => navigate('/contacts', { replace: true })}>{texts.toContacts}</Button>
          }
        >
          {texts.goneText}
        </EmptyState>
      </>
    )
  }
  return (
    <>
      <PaneHeader title={<bdi>{contact.displayName}</bdi>} back={back} />
      <div className={styles.scroll}>
        <div className={styles.page}>
          <PersonHead person={contact} verified={contact.verified} online={contact.online} />
          <State contact={contact} />
        </div>
      </div>
    </>
  )
}

function State({ contact }: { readonly contact: ContactView }) {
  switch (contact.state) {
    case 'accepted':
      return <Accepted contact={contact} />
    case 'incoming':
      return <Incoming contact={contact} />
    case 'outgoing':
      return <Outgoing contact={contact} />
    case 'blocked':
      return <Blocked contact={contact} />
  }
}

function Accepted({ contact }: { readonly contact: ContactView }) {
  const texts = useTexts(contactTexts)
  const actions = useContactActions(contact)
  const [comparing, setComparing] = useState(false)
  return (
    <>
      {contact.keyChanged && <KeyChanged contact={contact} onCompare={() => setComparing(true)} />}
      <div className={styles.actions}>
        <Button
          variant={contact.keyChanged ? 'secondary' : 'primary'}
          icon={<MessageCircle />}
          busy={actions.running === 'open'}
          onClick={() => void actions.open()}
        >
          {texts.message}
        </Button>
      </div>
      <Box title={texts.security} note={contact.verified ? texts.verifiedLong : texts.unverified}>
        <BoxButton
          icon={<ShieldCheck />}
          label={contact.verified ? texts.compareAgain : texts.compare}
          hint={contact.verified ? undefined : texts.compareHint}
          onPress={() => setComparing(true)}
        />
      </Box>
      <Endings contact={contact} removable />
      {comparing && <SafetyNumberDialog contact={contact} onClose={() => setComparing(false)} />}
    </>
  )
}

function KeyChanged({
  contact,
  onCompare,
}: {
  readonly contact: ContactView
  readonly onCompare: () => void
}) {
  const texts = useTexts(contactTexts)
  const act = useAct()
  const { toast } = useAnnouncer()
  const [running, setRunning] = useState(false)

  async function accept(): Promise<void> {
    setRunning(true)
    const outcome = await act('acceptKeyChange', { account: contact.account })
    setRunning(false)
    if (outcome.kind === 'done') toast({ text: texts.keyChangedAccepted })
  }

  return (
    <Banner
      tone="danger"
      icon={<ShieldAlert />}
      actions={
        <>
          <Button variant="primary" onClick={onCompare}>
            {texts.keyChangedCompare}
          </Button>
          <Button busy={running} onClick={() => void accept()}>
            {texts.keyChangedAccept}
          </Button>
        </>
      }
    >
      <strong>{texts.keyChangedTitle(contact.displayName)}</strong>
      {texts.keyChangedText(contact.displayName)}
    </Banner>
  )
}

function Incoming({ contact }: { readonly contact: ContactView }) {
  const texts = useTexts(contactTexts)
  const actions = useContactActions(contact)
  return (
    <>
      <Banner>
        <strong>{texts.incoming(contact.displayName)}</strong>
        {texts.incomingHint}
      </Banner>
      <div className={styles.actions}>
        <Button variant="primary" busy={actions.running === 'accept'} onClick={() => void actions.accept()}>
          {texts.accept}
        </Button>
        <Button busy={actions.running === 'decline'} onClick={() => void actions.decline()}>
          {texts.decline}
        </Button>
      </div>
      <Endings contact={contact} removable={false} />
    </>
  )
}

function Outgoing({ contact }: { readonly contact: ContactView }) {
  const texts = useTexts(contactTexts)
  const actions = useContactActions(contact)
  return (
    <>
      <Banner>{texts.outgoing(contact.displayName)}</Banner>
      <div className={styles.actions}>
        <Button busy={actions.running === 'remove'} onClick={() => void actions.remove()}>
          {texts.withdraw}
        </Button>
      </div>
    </>
  )
}

function Blocked({ contact }: { readonly contact: ContactView }) {
  const texts = useTexts(contactTexts)
  const actions = useContactActions(contact)
  return (
    <>
      <Banner tone="warning" icon={<Ban />}>
        {texts.blockedText(contact.displayName)}
      </Banner>
      <div className={styles.actions}>
        <Button busy={actions.running === 'unblock'} onClick={() => void actions.unblock()}>
          {texts.unblock}
        </Button>
      </div>
    </>
  )
}

function Endings({ contact, removable }: { readonly contact: ContactView; readonly removable: boolean }) {
  const texts = useTexts(contactTexts)
  const actions = useContactActions(contact)
  const [asking, setAsking] = useState<'block' | 'remove'>()
  const name = contact.displayName
  const blocking = asking === 'block'
  return (
    <Box>
      <BoxButton
        danger
        icon={<Ban />}
        label={texts.block}
        hint={texts.blockHint}
        onPress={() => setAsking('block')}
      />
      {removable && (
        <BoxButton
          danger
          icon={<Trash2 />}
          label={texts.remove}
          hint={texts.removeHint}
          onPress={() => setAsking('remove')}
        />
      )}
      {asking !== undefined && (
        <ConfirmDialog
          danger
          title={blocking ? texts.blockTitle(name) : texts.removeTitle(name)}
          confirmLabel={blocking ? texts.block : texts.remove}
          cancelLabel={texts.cancel}
          closeLabel={texts.close}
          onConfirm={blocking ? actions.block : actions.remove}
          onClose={() => setAsking(undefined)}
        >
          {blocking ? texts.blockText(name) : texts.removeText}
        </ConfirmDialog>
      )}
    </Box>
  )
}
