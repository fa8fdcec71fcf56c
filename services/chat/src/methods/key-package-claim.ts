import {
  encodeClaimedKeyPackages,
  limits,
  ProtocolError,
  toDevice,
  type AccountId,
  type chatRoutes,
  type DeviceId,
} from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { visibleContacts } from '../contacts/contact-store.ts'
import { inTransaction } from '../database.ts'
import type { ChatDeps } from '../deps.ts'
import { claimKeyPackages, countKeyPackages } from '../key-packages/key-package-store.ts'
import { eventPacket } from '../socket/frame.ts'

export const keyPackageClaim: Handler<typeof chatRoutes.keyPackageClaim, ChatDeps> = async (
  { body, caller, spend },
  deps,
) => {
  const { suite } = body
  const accounts = [...new Set(body.accounts)]
  const others = accounts.filter((account) => account !== caller.account)
  const contacts = new Set(await visibleContacts(deps.pool, caller.account, others))
  // who is no contact, who does not exist and who has blocked the caller look alike
  if (others.some((account) => !contacts.has(account)))
    throw new ProtocolError('not-a-contact', 'Only accepted contacts.')
  for (const account of others) await spend('keyPackageClaim', `${caller.account}:${account}`)
  const claimed = await inTransaction(deps.pool, (db) =>
    claimKeyPackages(db, { accounts, suite, except: caller.device }),
  )
  for (const each of claimed) void askForMore(deps, each, suite)
  return { bytes: encodeClaimedKeyPackages(claimed) }
}

async function askForMore(
  deps: ChatDeps,
  { account, device }: { account: AccountId; device: DeviceId },
  suite: number,
): Promise<void> {
  try {
    const left = (await countKeyPackages(deps.pool, device))[String(suite)] ?? 0
    if (left === 0) deps.metrics.countEmptyClaim()
    if (left >= limits.keyPackagesRefillBelow) return
    deps.fanOut.deliver({
      kind: 'hint',
      accounts: [account],
      device,
      packet: eventPacket(toDevice.keyPackages, { suite, left }),
    })
  } catch (error) {
    deps.log.warn('refill not asked for', { error })
  }
}
