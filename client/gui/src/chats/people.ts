/** Who can be written to. */
import type { ContactView } from '@brieftaube/contract'

/** Accepted ones, by name. */
export function acceptedContacts(contacts: readonly ContactView[]): readonly ContactView[] {
  return contacts
    .filter((contact) => contact.state === 'accepted')
    .sort((one, other) => one.displayName.localeCompare(other.displayName))
}
