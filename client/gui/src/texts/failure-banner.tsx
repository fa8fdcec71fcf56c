import type { Failure } from '@brieftaube/contract'
import { CircleAlert } from 'lucide-react'
import { Banner } from '../kit/banner.tsx'
import { failureText } from './errors.ts'
import { useSpeech } from './use-texts.ts'

export interface FailureBannerProps {
  readonly failure?: Failure | undefined
  /** In place of the failure's own sentence. */
  readonly text?: string | undefined
}

/** A failure in words, read out at once; nothing without one. */
export function FailureBanner({ failure, text }: FailureBannerProps) {
  const { language } = useSpeech()
  const words = text ?? (failure === undefined ? undefined : failureText(language, failure))
  if (words === undefined) return undefined
  return (
    <Banner tone="danger" icon={<CircleAlert />} announce>
      {words}
    </Banner>
  )
}
