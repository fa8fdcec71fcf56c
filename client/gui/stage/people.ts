/** The people of the stage. Ids are 22 letters like real ones; their hues follow from them. */
import type { AccountId, ContactView, ConversationId, DeviceId, PersonView } from '@brieftaube/contract'

export function stageAccount(name: string): AccountId {
  return `${name}-account`.padEnd(21, '_').slice(0, 21).concat('A') as AccountId
}

export function stageConversation(name: string): ConversationId {
  return `${name}-chat`.padEnd(21, '_').slice(0, 21).concat('A') as ConversationId
}

export function stageDevice(name: string): DeviceId {
  return `${name}-device`.padEnd(21, '_').slice(0, 21).concat('A') as DeviceId
}

type Language = 'de' | 'en'

function person(userName: string, displayName: string, statusText = ''): PersonView {
  return { account: stageAccount(userName), userName, displayName, statusText, picture: undefined }
}

export function stagePeople(language: Language) {
  const de = language === 'de'
  return {
    alice: person('alice', 'Alice Brandt', de ? 'Montags nicht da' : 'Not in on Mondays'),
    bob: person('bob', 'Bob Martens', de ? 'Auf dem Fahrrad' : 'On my bike'),
    carla: person('carla', 'Carla Weiß', de ? 'Aufbau am Samstag um 9!' : 'Setting up Saturday at 9!'),
    david: person('david', 'David Kern'),
    eva: person('eva', 'Eva Şahin', de ? 'Praxis bis 16 Uhr' : 'At the practice until 4'),
    frieda: person('frieda', 'Frieda Lang'),
    georg: person('georg', 'Georg Österreicher'),
    hanna: person(
      'hanna',
      'Hanna Lindqvist',
      de ? 'Im Urlaub bis 1. Dezember' : 'On holiday until 1 December',
    ),
    ibrahim: person('ibrahim', 'Ibrahim Yıldız'),
    jonas: person('jonas', 'Jonas von der Heide-Schönberger'),
    katja: person('katja', 'Katja Ωmega'),
    lena: person('lena', 'Lena Vogt', de ? 'Schülersprecherin' : 'Student representative'),
  } as const
}

export function stageContacts(language: Language): readonly ContactView[] {
  const people = stagePeople(language)
  function contact(who: PersonView, more: Partial<ContactView> = {}): ContactView {
    return {
      ...who,
      state: 'accepted',
      verified: false,
      keyChanged: false,
      online: false,
      conversation: stageConversation(who.userName),
      ...more,
    }
  }
  return [
    contact(people.hanna, { state: 'incoming', conversation: undefined }),
    contact(people.lena, { state: 'incoming', conversation: undefined }),
    contact(people.bob, { verified: true, online: true }),
    contact(people.carla, { online: true }),
    contact(people.david),
    contact(people.eva, { verified: true }),
    contact(people.frieda, { keyChanged: true }),
    contact(people.georg, { conversation: undefined }),
    contact(people.ibrahim, { online: true }),
    contact(people.jonas),
    contact(people.katja, { state: 'outgoing', conversation: undefined }),
    contact(people.lena, {
      state: 'blocked',
      account: stageAccount('mallory'),
      userName: 'mallory',
      displayName: 'Mallory',
    }),
  ]
}
