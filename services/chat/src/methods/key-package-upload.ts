import {
  decodeKeyPackage,
  suiteFacts,
  verifyCertificate,
  type KeyPackageSummary,
} from '@brieftaube/group-policy'
import {
  decodeKeyPackageUpload,
  equalBytes,
  limits,
  ProtocolError,
  suites,
  type Bytes,
  type chatRoutes,
} from '@brieftaube/protocol'
import type { Handler, SessionCaller } from '@brieftaube/service-kit'
import { asMalformed } from '../conversations/check-bundle.ts'
import { inTransaction } from '../database.ts'
import type { ChatDeps } from '../deps.ts'
import {
  countKeyPackages,
  putKeyPackages,
  registerDevice,
  type NewKeyPackage,
} from '../key-packages/key-package-store.ts'

export const keyPackageUpload: Handler<typeof chatRoutes.keyPackageUpload, ChatDeps> = async (
  { bytes, caller },
  deps,
) => {
  const upload = decodeKeyPackageUpload(bytes)
  const { suite } = upload
  if (!Object.values(suites).some((known) => known === suite)) throw refused('unknown suite')
  const oneTime = upload.oneTime.map((each) => summarise(each, { suite, lastResort: false }))
  const lastResort =
    upload.lastResort.length === 0 ? undefined : summarise(upload.lastResort, { suite, lastResort: true })
  const all = [...oneTime, ...(lastResort === undefined ? [] : [lastResort])]
  const deviceKey = checkOwner(
    all.map((each) => each.summary),
    caller,
  )
  const left = await inTransaction(deps.pool, async (db) => {
    const { account, device } = caller
    if (deviceKey !== undefined && !(await registerDevice(db, { account, device, deviceKey }))) {
      throw refused('another key of this device is known')
    }
    const before = (await countKeyPackages(db, device))[String(suite)] ?? 0
    if (before + oneTime.length > 2 * limits.keyPackagesPerSuite)
      throw new ProtocolError('quota-exceeded', 'There are enough key packages.')
    if (all.length > 0)
      await putKeyPackages(
        db,
        { device, suite },
        { oneTime: oneTime.map(toRow), lastResort: lastResort && toRow(lastResort) },
      )
    return (await countKeyPackages(db, device))[String(suite)] ?? 0
  })
  return { left }
}

interface Summarised {
  readonly bytes: Bytes
  readonly summary: KeyPackageSummary
}

function summarise(bytes: Bytes, expected: { suite: number; lastResort: boolean }): Summarised {
  const summary = asMalformed(() => decodeKeyPackage(bytes))
  if (suiteFacts[summary.suite].id !== expected.suite) throw refused('other suite')
  if (summary.lastResort !== expected.lastResort) throw refused('last resort')
  const now = Date.now()
  if (summary.lifetime.notAfterMs <= now || summary.lifetime.notBeforeMs > now + DAY_MS)
    throw refused('out of date')
  return { bytes, summary }
}

const DAY_MS = 24 * 3600 * 1000

/** All of the caller's device, under one certificate that its account signed; gives back the device key. */
function checkOwner(summaries: readonly KeyPackageSummary[], caller: SessionCaller): Bytes | undefined {
  const [first] = summaries
  if (first === undefined) return undefined
  for (const { leaf } of summaries) {
    const isOwn = leaf.account === caller.account && leaf.device === caller.device
    const isOne =
      equalBytes(leaf.deviceKey, first.leaf.deviceKey) &&
      equalBytes(leaf.certificate.signature, first.leaf.certificate.signature)
    if (
      !isOwn ||
      !isOne ||
      !equalBytes(leaf.accountKey, first.leaf.accountKey) ||
      leaf.certificate.issuedAt !== first.leaf.certificate.issuedAt
    ) {
      throw refused('not the caller’s device')
    }
  }
  // the certificates are equal, so one signature speaks for all
  if (!verifyCertificate(first.leaf.certificate, first.leaf.deviceKey))
    throw refused('the certificate is not valid')
  return first.leaf.deviceKey
}

function refused(reason: string): ProtocolError {
  return new ProtocolError('malformed', `A key package is refused: ${reason}.`)
}

function toRow({ bytes, summary }: Summarised): NewKeyPackage {
  return { ref: summary.ref, notAfterMs: summary.lifetime.notAfterMs, bytes }
}
