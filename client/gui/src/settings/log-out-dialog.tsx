import { navigate } from '../app/router.ts'
import { useAct } from '../app/use-act.ts'
import { useView } from '../core/use-view.ts'
import { ConfirmDialog } from '../kit/confirm-dialog.tsx'
import { counted } from '../texts/plural.ts'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import { settingsTexts } from './texts.ts'

/** Says what logging out costs, also in messages that are not sent yet. */
export function LogOutDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(settingsTexts)
  const { language } = useSpeech()
  const waiting = useView('connection')?.waiting ?? 0
  const act = useAct()
  const unsent =
    language === 'de'
      ? counted('de', waiting, 'Nachricht ist', 'Nachrichten sind')
      : counted('en', waiting, 'message has', 'messages have')
  async function leave(): Promise<boolean> {
    const outcome = await act('logOut', {})
    // Whoever logs in next begins at the beginning.
    if (outcome.kind === 'done') navigate('/', { replace: true })
    return outcome.kind === 'done'
  }

  return (
    <ConfirmDialog
      danger
      title={texts.logOutTitle}
      confirmLabel={texts.logOutAction}
      cancelLabel={texts.cancel}
      closeLabel={texts.close}
      onConfirm={leave}
      onClose={onClose}
    >
      <p>{texts.logOutText}</p>
      {waiting > 0 && (
        <p>
          <strong>{texts.logOutWaiting(unsent)}</strong>
        </p>
      )}
    </ConfirmDialog>
  )
}
