import type { CommandInput, CommandName } from '@brieftaube/contract'
import { useCore } from '../core/core-context.ts'
import { attempt, type Outcome } from '../core/use-command.ts'
import { useAnnouncer } from '../kit/announcer.tsx'
import { failureText } from '../texts/errors.ts'
import { useSpeech } from '../texts/use-texts.ts'
import type { CommandReply } from '@brieftaube/contract'

/** Carries out a command; a failure is shown as a toast in words. For what has no form of its own. */
export function useAct() {
  const { client } = useCore()
  const { toast } = useAnnouncer()
  const { language } = useSpeech()
  return async function act<Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
  ): Promise<Outcome<CommandReply<Name>>> {
    const outcome = await attempt(client.call(name, input))
    if (outcome.kind === 'failed') toast({ text: failureText(language, outcome.failure), tone: 'danger' })
    return outcome
  }
}
