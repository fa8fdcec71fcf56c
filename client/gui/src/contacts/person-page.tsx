import type { ContactView, PersonView } from '@brieftaube/contract'
import { UserRoundX } from 'lucide-react'
import { useEffect, useState } from 'react'
import { goBack, navigate } from '../app/router.ts'
import { useCore } from '../core/core-context.ts'
import { attempt } from '../core/use-command.ts'
import { useView } from '../core/use-view.ts'
import { Button } from '../kit/button.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { PaneHeader } from '../kit/pane-header.tsx'
import { Spinner } from '../kit/spinner.tsx'
import { failureText } from '../texts/errors.ts'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import { AddContactDialog } from './add-contact-dialog.tsx'
import styles from './contact-page.module.css'
import { OwnLink } from './own-link.tsx'
import { PersonHead } from './person-head.tsx'
import { contactTexts } from './texts.ts'
import { useContactActions } from './use-contact-actions.ts'

export interface PersonPageProps {
  readonly userName: string
  readonly contacts: readonly ContactView[] | undefined
}

type Found =
  | { readonly kind: 'searching' }
  | { readonly kind: 'person'; readonly person: PersonView }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'failed'; readonly text: string }

/** Somebody by their exact user name: from the own link, a QR code or the search. */
export function PersonPage({ userName, contacts }: PersonPageProps) {
  const texts = useTexts(contactTexts)
  const session = useView('session')
  const own = session?.kind === 'signed-in' && session.userName === userName
  const known = contacts?.find((contact) => contact.userName === userName)
  const { found, again } = useFound(userName, own || known !== undefined || contacts === undefined)

  useEffect(() => {
    if (known !== undefined) navigate({ kind: 'contacts', account: known.account }, { replace: true })
  }, [known])

  const back = { label: texts.back, onBack: () => goBack('/contacts') }
  if (own) {
    return (
      <>
        <PaneHeader title={texts.thatIsYou} back={back} />
        <OwnLink />
      </>
    )
  }
  return (
    <>
      <PaneHeader title={`@${userName}`} back={back} />
      <Result found={found} userName={userName} onRetry={again} />
    </>
  )
}

function Result({
  found,
  userName,
  onRetry,
}: {
  readonly found: Found
  readonly userName: string
  readonly onRetry: () => void
}) {
  const texts = useTexts(contactTexts)
  const [adding, setAdding] = useState(false)
  switch (found.kind) {
    case 'searching':
      return <Spinner centered label={texts.searching} />
    case 'person':
      return <Stranger person={found.person} />
    case 'failed':
      return (
        <EmptyState
          icon={<UserRoundX />}
          title={found.text}
          actions={
            <Button variant="primary" onClick={onRetry}>
              {texts.searchAgain}
            </Button>
          }
        />
      )
    case 'nobody':
      return (
        <>
          <EmptyState
            icon={<UserRoundX />}
            title={texts.notFoundTitle(userName)}
            actions={
              <Button variant="primary" onClick={() => setAdding(true)}>
                {texts.searchAgain}
              </Button>
            }
          >
            {texts.notFoundText}
          </EmptyState>
          {adding && (
            <AddContactDialog
              onClose={() => setAdding(false)}
              onFind={(name) => {
                setAdding(false)
                if (name === userName) onRetry()
                else navigate({ kind: 'person', userName: name }, { replace: true })
              }}
            />
          )}
        </>
      )
  }
}

function Stranger({ person }: { readonly person: PersonView }) {
  const texts = useTexts(contactTexts)
  const actions = useContactActions(person)
  return (
    <div className={styles.scroll}>
      <div className={styles.page}>
        <PersonHead person={person} />
        <div className={styles.actions}>
          <Button
            variant="primary"
            busy={actions.running === 'request'}
            onClick={() => void actions.request()}
          >
            {texts.sendRequest}
          </Button>
        </div>
        <p className={styles.hint}>{texts.requestHint(person.displayName)}</p>
      </div>
    </div>
  )
}

/** Looks for the person unless it is `known` already. */
function useFound(userName: string, known: boolean): { readonly found: Found; readonly again: () => void } {
  const { client } = useCore()
  const { language } = useSpeech()
  const [found, setFound] = useState<Found>({ kind: 'searching' })
  const [attemptNumber, setAttemptNumber] = useState(0)
  useEffect(() => {
    if (known) return
    let current = true
    void attempt(client.call('findAccount', { userName })).then((outcome) => {
      if (!current) return
      if (outcome.kind === 'failed')
        setFound({ kind: 'failed', text: failureText(language, outcome.failure) })
      else if (outcome.reply.person === undefined) setFound({ kind: 'nobody' })
      else setFound({ kind: 'person', person: outcome.reply.person })
    })
    return () => {
      current = false
    }
  }, [client, userName, known, language, attemptNumber])
  return {
    found,
    again: () => {
      setFound({ kind: 'searching' })
      setAttemptNumber((before) => before + 1)
    },
  }
}
