/** Key packages: what others need to add this device. The private halves stay here, stored before the public ones go out. */
import { createKeyPackage, type CreatedKeyPackage, type Suite } from '@brieftaube/encryption'
import { suiteFacts, suiteFromId } from '@brieftaube/group-policy'
import {
  chatRoutes,
  encodeHex,
  encodeKeyPackageUpload,
  limits,
  suites,
  type SuiteNumber,
} from '@brieftaube/protocol'
import { put, remove } from '@brieftaube/storage'
import { selfOf, type Core } from '../core.ts'
import { tables } from '../tables.ts'

const refilling = new WeakMap<Core, Set<number>>()
/** The next answer to a sync says how many are still missing. */
const AGAIN_MS = 5000
const FIRST = 4
const AT_ONCE = 10

/** A fresh device can be reached as soon as its first packages are there. */
export function offerKeyPackages(core: Core): void {
  for (const suite of [suites.xwing, suites.x25519]) refillKeyPackages(core, suite, 0)
}

/** `left`: how many one-time packages the server has. Below the mark they are refilled, in small uploads. */
export function refillKeyPackages(core: Core, suite: SuiteNumber, left: number): void {
  const running = refilling.get(core) ?? new Set<number>()
  refilling.set(core, running)
  if (left >= limits.keyPackagesRefillBelow || running.has(suite)) return
  running.add(suite)
  core.background.run('key-packages', async () => {
    try {
      await refill(core, suite, left)
    } catch (thrown) {
      core.background.after(AGAIN_MS, 'sync', async () => core.follow.sync())
      throw thrown
    } finally {
      running.delete(suite)
    }
  })
}

async function refill(core: Core, number: SuiteNumber, left: number): Promise<void> {
  const suite = suiteFromId(number)
  if (suite === undefined) return
  await forgetExpired(core)
  // a few at once, so that this device can be reached soon, then the rest
  await upload(core, suite, FIRST, left === 0)
  let there = left + FIRST
  while (there < limits.keyPackagesPerSuite && !core.closed && core.self !== undefined) {
    const count = Math.min(AT_ONCE, limits.keyPackagesPerSuite - there)
    await upload(core, suite, count, false)
    there += count
  }
}

async function upload(core: Core, suite: Suite, count: number, withLastResort: boolean): Promise<void> {
  const { device } = selfOf(core)
  const nowMs = core.clock.now()
  const made: CreatedKeyPackage[] = []
  for (let index = 0; index < count; index++)
    made.push(await createKeyPackage(device, { suite, kind: 'one-time', nowMs }))
  const last = withLastResort
    ? await createKeyPackage(device, { suite, kind: 'last-resort', nowMs })
    : undefined
  const all = last === undefined ? made : [...made, last]
  await core.store.commit(
    all.map(({ ref, bytes, secret, kind, notAfterMs }) =>
      put(tables.keyPackages, [encodeHex(ref)], {
        suite: suiteFacts[suite].id,
        kind,
        bytes,
        secret,
        notAfterMs,
      }),
    ),
  )
  const body = encodeKeyPackageUpload({
    suite: suiteFacts[suite].id,
    lastResort: last?.bytes ?? new Uint8Array(0),
    oneTime: made.map(({ bytes }) => bytes),
  })
  await core.api.call(chatRoutes.keyPackageUpload, { body })
}

/** A Welcome that comes later than this is refused anyway. */
async function forgetExpired(core: Core): Promise<void> {
  const now = core.clock.now()
  const old = (await core.store.list(tables.keyPackages)).filter(({ value }) => value.notAfterMs < now)
  if (old.length > 0) await core.store.commit(old.map(({ key }) => remove(tables.keyPackages, key)))
}
