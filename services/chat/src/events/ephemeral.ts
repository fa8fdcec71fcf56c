/** Typing and the like: never stored, only to other members' devices that show the conversation. */
import {
  decodeToEphemeral,
  encodeFromEphemeral,
  MalformedError,
  ProtocolError,
  toDevice,
} from '@brieftaube/protocol'
import { rateLimited } from '@brieftaube/service-kit'
import { maySend } from '../conversations/route.ts'
import type { ChatDeps } from '../deps.ts'
import { eventPacket } from '../socket/frame.ts'
import type { Session } from '../socket/session.ts'
import { routeForMember } from './route-for-member.ts'

export async function ephemeral(session: Session, payload: unknown, deps: ChatDeps): Promise<void> {
  if (!(payload instanceof Uint8Array)) throw new MalformedError('ephemeral carries bytes')
  const event = decodeToEphemeral(payload)
  const waitMs = deps.limiter.spendLocally('ephemeral', session.device)
  if (waitMs > 0) throw rateLimited(waitMs)
  const route = await routeForMember(session, event.conversation, deps)
  if (!maySend(route, session)) throw new ProtocolError('forbidden', 'This device has not joined.')
  const packet = eventPacket(toDevice.ephemeral, encodeFromEphemeral({ ...event, device: session.device }))
  const accounts = [...route.members].filter((account) => account !== session.account)
  const about = { conversation: event.conversation, generation: event.generation, seq: 0 }
  deps.fanOut.deliver({ kind: 'on-screen', accounts, packet, about })
}
