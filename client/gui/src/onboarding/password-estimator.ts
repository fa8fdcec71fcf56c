/** zxcvbn with the German, English and common dictionaries. About a megabyte: import it lazily only. */
import { ZxcvbnFactory, type ZxcvbnResult } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as german } from '@zxcvbn-ts/language-de'
import { dictionary as english } from '@zxcvbn-ts/language-en'
import type { Advice, Estimator } from './password-strength.ts'

export function makeEstimator(): Estimator {
  const zxcvbn = new ZxcvbnFactory({
    graphs: adjacencyGraphs,
    dictionary: {
      ...common,
      ...english,
      'commonWords-de': german.commonWords,
      'firstnames-de': german.firstnames,
      'lastnames-de': german.lastnames,
      'wikipedia-de': german.wikipedia,
    },
  })
  return (password, personal) => {
    const result = zxcvbn.check(
      password,
      personal.filter((text) => text.length > 2),
    )
    return { score: result.score, advice: adviceOf(result) }
  }
}

/** The longest guessable part names the advice. */
function adviceOf(result: ZxcvbnResult): Advice | undefined {
  const [longest] = result.sequence.toSorted((left, right) => right.token.length - left.token.length)
  if (longest === undefined) return undefined
  switch (longest.pattern) {
    case 'dictionary':
      return adviceOfWord(String(longest['dictionaryName'] ?? ''))
    case 'date':
    case 'regex':
      return 'dates'
    case 'repeat':
      return 'repeats'
    case 'sequence':
      return 'sequences'
    case 'spatial':
      return 'pattern'
    default:
      return undefined
  }
}

function adviceOfWord(dictionary: string): Advice {
  if (dictionary === 'userInputs') return 'personal'
  if (dictionary.startsWith('firstnames') || dictionary.startsWith('lastnames')) return 'names'
  return 'common'
}
