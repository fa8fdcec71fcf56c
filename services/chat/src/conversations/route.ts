/** What routing needs of a conversation: where its log stood when it was read, who may send and who is told. */
import type { AccountId, ConversationId, DeviceId } from '@brieftaube/protocol'
import { seatedLeaves, type Roster } from '@brieftaube/group-policy'

export interface Route {
  readonly conversation: ConversationId
  readonly generation: number
  /** Leaves and rules follow from (conversation, generation, epoch) alone: a cached route is right for as long as the epoch is. */
  readonly epoch: number
  readonly devices: ReadonlyMap<DeviceId, AccountId>
  /** Accounts whose membership is open. */
  readonly members: ReadonlySet<AccountId>
  readonly loadedAt: number
}

export function routeOf(parts: {
  conversation: ConversationId
  generation: number
  epoch: number
  roster: Roster
  members: readonly AccountId[]
}): Route {
  const { conversation, generation, epoch, roster } = parts
  const devices = new Map(seatedLeaves(roster).map((leaf) => [leaf.device, leaf.account]))
  return { conversation, generation, epoch, devices, members: new Set(parts.members), loadedAt: Date.now() }
}

/** Whether this device may append at the route's epoch. */
export function maySend(route: Route, sender: { account: AccountId; device: DeviceId }): boolean {
  return route.members.has(sender.account) && route.devices.get(sender.device) === sender.account
}
