import { useSyncExternalStore } from 'react'

function subscribe(listener: () => void): () => void {
  window.addEventListener('focus', listener)
  window.addEventListener('blur', listener)
  document.addEventListener('visibilitychange', listener)
  return () => {
    window.removeEventListener('focus', listener)
    window.removeEventListener('blur', listener)
    document.removeEventListener('visibilitychange', listener)
  }
}

/** Whether somebody can be looking: the window is visible and has the focus. Only then something counts as read. */
export function useAttention(): 'looking' | 'away' {
  return useSyncExternalStore(subscribe, () =>
    document.visibilityState === 'visible' && document.hasFocus() ? 'looking' : 'away',
  )
}
