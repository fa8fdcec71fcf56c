/** Profiles of everybody who is seen: names and pictures, kept so that they are there offline. */
import { cleanName } from '@brieftaube/content'
import {
  authRoutes,
  decodeBase64Url,
  limits,
  type AccountId,
  type Bytes,
  type Profile,
} from '@brieftaube/protocol'
import { put, type Change } from '@brieftaube/storage'
import type { Core } from '../core.ts'
import type { ProfileRecord } from '../records.ts'
import { tables } from '../tables.ts'

const ASKED_AT_ONCE = 200
const wanted = new WeakMap<Core, Set<AccountId>>()

/** Fetches what is not known of these accounts, a little later and together. */
export function learnProfiles(core: Core, accounts: readonly AccountId[]): void {
  const unknown = accounts.filter((account) => !core.profiles.has(account))
  if (unknown.length === 0) return
  const waiting = wanted.get(core)
  if (waiting !== undefined) {
    for (const account of unknown) waiting.add(account)
    return
  }
  wanted.set(core, new Set(unknown))
  core.background.after(20, 'profiles', async () => {
    const all = [...(wanted.get(core) ?? [])]
    wanted.delete(core)
    await refreshProfiles(core, all)
  })
}

export async function refreshProfiles(core: Core, accounts: readonly AccountId[]): Promise<void> {
  for (let start = 0; start < accounts.length; start += ASKED_AT_ONCE) {
    const part = accounts.slice(start, start + ASKED_AT_ONCE)
    const { profiles } = await core.api.call(authRoutes.accountProfiles, { body: { accounts: [...part] } })
    await keepProfiles(
      core,
      profiles.filter(({ account }) => part.includes(account)),
    )
  }
}

/** Stores what the directory says; pictures follow when they are new. */
export async function keepProfiles(core: Core, profiles: readonly Profile[]): Promise<void> {
  const changes: Change[] = []
  for (const profile of profiles) {
    const known = core.profiles.get(profile.account)
    const record = recordOf(profile, known)
    if (known !== undefined && sameProfile(known, record)) continue
    core.profiles.set(record.account, record)
    changes.push(put(tables.profiles, [record.account], record))
    if (record.pictureHash !== undefined && record.picture === undefined)
      core.background.run('picture', () => fetchPicture(core, record))
  }
  if (changes.length === 0) return
  await core.store.commit(changes)
  core.hub.touchAll()
}

function recordOf(profile: Profile, known: ProfileRecord | undefined): ProfileRecord {
  const kept = known?.pictureHash === profile.picture ? known?.picture : undefined
  return {
    account: profile.account,
    userName: profile.userName,
    displayName: cleanName(profile.displayName, limits.displayNameMaxChars),
    statusText: cleanName(profile.statusText, limits.statusTextMaxChars),
    accountKey: decodeBase64Url(profile.accountKey),
    ...(profile.picture === undefined ? {} : { pictureHash: profile.picture }),
    ...(kept === undefined ? {} : { picture: kept }),
  }
}

function sameProfile(a: ProfileRecord, b: ProfileRecord): boolean {
  return (
    a.userName === b.userName &&
    a.displayName === b.displayName &&
    a.statusText === b.statusText &&
    a.pictureHash === b.pictureHash &&
    a.accountKey.join() === b.accountKey.join()
  )
}

async function fetchPicture(core: Core, record: ProfileRecord): Promise<void> {
  const bytes = await core.api.call(authRoutes.pictureGet, { params: { account: record.account } })
  await keepPicture(core, record, bytes)
}

async function keepPicture(core: Core, record: ProfileRecord, picture: Bytes): Promise<void> {
  const current = core.profiles.get(record.account)
  if (current?.pictureHash !== record.pictureHash) return
  const next = { ...record, ...current, picture }
  core.profiles.set(next.account, next)
  await core.store.commit([put(tables.profiles, [next.account], next)])
  core.hub.touchAll()
}

export async function updateProfile(
  core: Core,
  change: { displayName?: string | undefined; statusText?: string | undefined },
): Promise<void> {
  const { displayName, statusText } = change
  const body = {
    ...(displayName === undefined ? {} : { displayName: cleanName(displayName, limits.displayNameMaxChars) }),
    ...(statusText === undefined ? {} : { statusText: cleanName(statusText, limits.statusTextMaxChars) }),
  }
  await keepProfiles(core, [await core.api.call(authRoutes.profileUpdate, { body })])
}

export async function setPicture(core: Core, picture: Uint8Array | undefined): Promise<void> {
  const profile =
    picture === undefined
      ? await core.api.call(authRoutes.pictureRemove)
      : await core.api.call(authRoutes.pictureSet, { body: picture })
  await keepProfiles(core, [profile])
}
