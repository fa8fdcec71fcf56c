import type { CoreClient } from '@brieftaube/contract'
import { createContext, useContext } from 'react'
import type { ViewCache } from './view-cache.ts'

export interface CoreAccess {
  readonly client: CoreClient
  readonly views: ViewCache
}

export const CoreContext = createContext<CoreAccess | undefined>(undefined)

export function useCore(): CoreAccess {
  const access = useContext(CoreContext)
  if (access === undefined) throw new Error('CoreContext is missing')
  return access
}
