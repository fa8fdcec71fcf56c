import { useLayoutEffect, useRef, useState } from 'react'

/** A function that stays the same and always does what the newest render wants, for handlers outside React. */
export function useLatest<Input extends readonly unknown[], Output>(
  act: (...input: Input) => Output,
): (...input: Input) => Output {
  const latest = useRef(act)
  useLayoutEffect(() => {
    latest.current = act
  })
  const [stable] = useState(
    () =>
      (...input: Input) =>
        latest.current(...input),
  )
  return stable
}
