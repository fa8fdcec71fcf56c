import { defineTexts } from '../texts/define-texts.ts'
import { counted } from '../texts/plural.ts'

export const navigationTexts = defineTexts({
  de: {
    name: 'Hauptnavigation',
    chats: 'Chats',
    contacts: 'Kontakte',
    settings: 'Einstellungen',
    unread: (count: number) => counted('de', count, 'ungelesene Nachricht', 'ungelesene Nachrichten'),
    requests: (count: number) => counted('de', count, 'Kontaktanfrage', 'Kontaktanfragen'),
    ownProfile: (name: string) => `Dein Profil: ${name}`,
  },
  en: {
    name: 'Main navigation',
    chats: 'Chats',
    contacts: 'Contacts',
    settings: 'Settings',
    unread: (count: number) => counted('en', count, 'unread message', 'unread messages'),
    requests: (count: number) => counted('en', count, 'contact request', 'contact requests'),
    ownProfile: (name: string) => `Your profile: ${name}`,
  },
})
