/** The same core without a browser: its store lives in memory, on a disk that outlives it. */
import type { CoreHost } from '@brieftaube/contract'
import type { Clock, Log } from '@brieftaube/messaging'
import { createCookieJar, type Fetch, type Socket } from '@brieftaube/server'
import {
  createMemoryDisk,
  openMemoryStore,
  type CrashPoint,
  type MemoryDisk,
  type Store,
} from '@brieftaube/storage'
import { startCore } from './compose.ts'

/** What a browser profile keeps: its storage and its cookies. */
export interface Profile {
  readonly disk: MemoryDisk
  readonly cookies: Map<string, string>
}

export function createProfile(): Profile {
  return { disk: createMemoryDisk(), cookies: new Map() }
}

export interface HeadlessOptions {
  readonly profile: Profile
  /** Absolute: "http://127.0.0.1:8080". */
  readonly baseUrl: string
  /** The Origin that a browser would send. */
  readonly origin: string
  readonly fetch?: Fetch | undefined
  readonly clock?: Clock | undefined
  readonly log?: Log | undefined
  readonly crashPoint?: CrashPoint | undefined
  readonly wrapSocket?: ((socket: Socket) => Socket) | undefined
  readonly wrapStore?: ((store: Store) => Store) | undefined
}

export async function startHeadless(options: HeadlessOptions): Promise<CoreHost> {
  const { profile, baseUrl, origin, fetch, clock, log, crashPoint, wrapSocket, wrapStore } = options
  const store = await openMemoryStore({ disk: profile.disk, crashPoint })
  return startCore({
    store: wrapStore?.(store) ?? store,
    baseUrl,
    headers: { origin },
    cookies: createCookieJar(profile.cookies),
    fetch,
    clock,
    log,
    wrapSocket,
  })
}
