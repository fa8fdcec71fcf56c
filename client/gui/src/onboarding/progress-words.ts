import { useEffect, useState } from 'react'

const NEXT_MS = 2500

/** While something runs, one word after the other; the last one stays. */
export function useProgressWords(running: boolean, words: readonly string[]): string {
  const [index, setIndex] = useState(0)
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setIndex((before) => before + 1), NEXT_MS)
    return () => {
      clearInterval(timer)
      setIndex(0)
    }
  }, [running])
  return words[Math.min(index, words.length - 1)] ?? ''
}
