/** A stored line with names in place of ids. */
import type { SystemEvent } from '@brieftaube/contract'
import type { Core } from '../core.ts'
import type { StoredEvent } from '../records.ts'
import { nameViewOf } from './people.ts'

export function systemEventOf(core: Core, event: StoredEvent): SystemEvent {
  switch (event.kind) {
    case 'created':
      return { kind: event.kind, by: nameViewOf(core, event.by) }
    case 'members-added':
      return {
        kind: event.kind,
        by: nameViewOf(core, event.by),
        who: event.who.map((who) => nameViewOf(core, who)),
      }
    case 'member-removed':
      return { kind: event.kind, by: nameViewOf(core, event.by), who: nameViewOf(core, event.who) }
    case 'member-left':
    case 'device-added':
    case 'device-removed':
    case 'key-changed':
      return { kind: event.kind, who: nameViewOf(core, event.who) }
    case 'admin-changed':
      return { ...event, by: nameViewOf(core, event.by), who: nameViewOf(core, event.who) }
    case 'title-changed':
      return { ...event, by: nameViewOf(core, event.by) }
    case 'restored-members':
      return {
        kind: event.kind,
        back: event.back.map((who) => nameViewOf(core, who)),
        gone: event.gone.map((who) => nameViewOf(core, who)),
      }
    case 'reset':
    case 'restored':
    case 'history-warning':
      return event
  }
}
