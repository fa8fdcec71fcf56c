import { useMemo } from 'react'
import { splitLinks } from './links.ts'
import styles from './message-text.module.css'

/** A message's words: line breaks stay, links lead somewhere, and it turns nothing around it. */
export function MessageText({ text }: { readonly text: string }) {
  const parts = useMemo(() => splitLinks(text), [text])
  return (
    <span className={styles.text} dir="auto">
      {parts.map((part, index) =>
        part.kind === 'text' ? (
          part.text
        ) : (
          <a
            // Parts have no identity of their own; the text as a whole has.
            key={index}
            href={part.href}
            target="_blank"
            rel="noopener noreferrer"
            referrerPolicy="no-referrer"
            tabIndex={-1}
          >
            {part.text}
          </a>
        ),
      )}
    </span>
  )
}
