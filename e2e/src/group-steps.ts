/** What people do with groups. */
import type { Person } from './person.ts'

export async function createGroup(person: Person, title: string, members: readonly string[]): Promise<void> {
  const { page } = person
  await person.go('Chats')
  await page.getByRole('button', { name: 'Neuer Chat oder neue Gruppe' }).click()
  await page.getByRole('menuitem', { name: 'Neue Gruppe' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name der Gruppe').fill(title)
  for (const member of members) await dialog.getByText(member, { exact: true }).first().click()
  await dialog.getByRole('button', { name: 'Gruppe erstellen' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await person.composer.waitFor()
}

/** In the open group. */
export async function addMember(person: Person, displayName: string): Promise<void> {
  const { page } = person
  await openDetails(person)
  await page.getByRole('button', { name: 'Mitglieder hinzufügen' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(displayName, { exact: true }).first().click()
  await dialog
    .getByRole('button', { name: /hinzufügen$/i })
    .last()
    .click()
  await dialog.waitFor({ state: 'hidden' })
}

export async function removeMember(person: Person, displayName: string): Promise<void> {
  const { page } = person
  await openDetails(person)
  await page.getByRole('button', { name: `Aktionen zu ${displayName}` }).click()
  await page.getByRole('menuitem', { name: 'Aus der Gruppe entfernen' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Entfernen' }).click()
  // nothing behind a dialog can be used
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
}

async function openDetails(person: Person): Promise<void> {
  const details = person.page.locator('[data-region="detail"]')
  if (await details.isVisible()) return
  await person.page.getByRole('button', { name: 'Details anzeigen' }).click()
  await details.waitFor()
}
