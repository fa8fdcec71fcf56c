/** What each action does to both directions of a pair; pure. `undefined` stands for no row. */
import type { ContactState } from '@brieftaube/protocol'

export type ContactAction = 'request' | 'accept' | 'decline' | 'block' | 'unblock' | 'remove'

export interface Pair {
  readonly mine: ContactState | undefined
  /** How the other stands to me. */
  readonly theirs: ContactState | undefined
}

/** `undefined`: the action does not fit the state. Whoever is blocked notices nothing of it. */
export function changeContact(action: ContactAction, pair: Pair): Pair | undefined {
  const { mine, theirs } = pair
  switch (action) {
    case 'request':
      return request(pair)
    case 'accept':
      if (mine === 'accepted') return pair
      if (mine !== 'incoming') return undefined
      return { mine: 'accepted', theirs: theirs === 'blocked' ? theirs : 'accepted' }
    case 'decline':
      return mine === 'incoming' ? { mine: undefined, theirs } : undefined
    case 'block':
      // an own request that still waits is taken back
      return { mine: 'blocked', theirs: theirs === 'incoming' ? undefined : theirs }
    case 'unblock':
      if (mine !== 'blocked') return undefined
      return {
        mine: theirs === 'accepted' ? 'accepted' : theirs === 'outgoing' ? 'incoming' : undefined,
        theirs,
      }
    case 'remove':
      if (mine === undefined || mine === 'blocked') return undefined
      return { mine: undefined, theirs: theirs === 'blocked' ? theirs : undefined }
  }
}

function request({ mine, theirs }: Pair): Pair | undefined {
  switch (mine) {
    case 'accepted':
    case 'outgoing':
      return { mine, theirs }
    case 'blocked':
      return undefined
    case 'incoming':
    case undefined:
      if (theirs === 'outgoing' || theirs === 'accepted') return { mine: 'accepted', theirs: 'accepted' }
      return { mine: 'outgoing', theirs: theirs === 'blocked' ? theirs : 'incoming' }
  }
}
