/** Keeps what is being written: saved shortly after each change, at once when it could be lost. */

export interface Sending {
  accepted(): void
  /** Puts it in front of what was written meanwhile, and returns both. */
  refused(): string
}

export interface DraftKeeper {
  /** The text field's content, after each change. */
  changed(text: string): void
  /** A text on its way to the core still belongs to the draft, until it is known what became of it. */
  sending(text: string): Sending
  /** Saves now what has not been saved. */
  flush(): void
}

export function makeDraftKeeper(initial: string, save: (text: string) => void, delayMs = 400): DraftKeeper {
  let current = initial
  let saved = initial
  const underway = new Set<{ readonly text: string }>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const text = [...[...underway].map((sent) => sent.text), current].filter((part) => part !== '').join('\n')
    if (text === saved) return
    saved = text
    save(text)
  }

  function later(): void {
    clearTimeout(timer)
    timer = setTimeout(flush, delayMs)
  }

  return {
    changed: (text) => {
      current = text
      later()
    },
    sending: (text) => {
      const sent = { text }
      underway.add(sent)
      current = ''
      return {
        accepted: () => {
          underway.delete(sent)
          // The core forgets the draft of a text that it has taken; saying so again does no harm.
          flush()
        },
        refused: () => {
          underway.delete(sent)
          current = current === '' ? text : `${text}\n${current}`
          flush()
          return current
        },
      }
    },
    flush,
  }
}
