import { useEffect, useState, type RefObject } from 'react'

/** Puts the focus into the first field that is wrong, after it has been drawn as such. */
export function useFirstError(form: RefObject<HTMLFormElement | null>): () => void {
  const [tries, setTries] = useState(0)
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [tries, form])
  return () => setTries((before) => before + 1)
}
