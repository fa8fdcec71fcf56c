/** How far an own message has come: the least that is true of all other members. */
import type { DeliveryState } from '@brieftaube/contract'
import type { Conversation, Core } from '../core.ts'

export function deliveryOf(core: Core, { record }: Conversation, seq: number): DeliveryState {
  const others = record.accounts.filter((account) => account !== core.self?.account)
  if (others.length === 0) return 'sent'
  const least = (cursor: 'delivered' | 'read') =>
    Math.min(...others.map((account) => record.receipts[account]?.[cursor] ?? 0))
  if (least('read') >= seq) return 'read'
  return least('delivered') >= seq ? 'delivered' : 'sent'
}
