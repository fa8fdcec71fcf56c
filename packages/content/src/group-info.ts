/** What a group is called. It travels as a message, so that the server never sees it. */
import { z } from 'zod'
import { cleanName } from './clean-name.ts'
import { titleMaxChars } from './content-limits.ts'

export const groupInfoSchema = z.strictObject({
  kind: z.literal('group-info'),
  /** Refused unless it is clean already: an honest sender passes it through `cleanName`. */
  title: z.string().refine((title) => title !== '' && title === cleanName(title, titleMaxChars), {
    error: 'title not clean',
  }),
})
export type GroupInfoContent = z.infer<typeof groupInfoSchema>
