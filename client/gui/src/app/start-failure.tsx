import type { Failure } from '@brieftaube/contract'
import { Button } from '../kit/button.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { failureText } from '../texts/errors.ts'
import { resolveLanguage } from '../texts/language.ts'
import { rememberedSettings } from './look.ts'
import styles from './opening.module.css'
import { Pigeon } from './pigeon.tsx'
import { appTexts } from './texts.ts'

/** The core cannot run here: why, and what helps. */
export function StartFailure({ failure }: { readonly failure: Failure }) {
  const language = resolveLanguage(rememberedSettings().language, navigator.languages)
  const texts = appTexts[language]
  return (
    <main className={styles.opening}>
      <EmptyState
        level={1}
        icon={<Pigeon size={44} />}
        title={texts.startFailed}
        actions={
          <Button variant="primary" onClick={() => location.reload()}>
            {texts.reload}
          </Button>
        }
      >
        <p role="alert">{failureText(language, failure)}</p>
      </EmptyState>
    </main>
  )
}
