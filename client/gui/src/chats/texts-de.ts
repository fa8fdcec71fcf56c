/** The words of the chats, German. */
export const de = {
  list: {
    region: 'Chatliste',
    title: 'Chats',
    search: 'Chats suchen',
    clearSearch: 'Suche leeren',
    filters: 'Filter',
    filter: { all: 'Alle', unread: 'Ungelesen', groups: 'Gruppen' },
    newMenu: 'Neuer Chat oder neue Gruppe',
    newChat: 'Neuer Chat',
    newGroup: 'Neue Gruppe',
    untitledGroup: 'Gruppe',
    draft: 'Entwurf:',
    you: 'Du',
    unread: (count: number) =>
      count === 1 ? '1 ungelesene Nachricht' : `${String(count)} ungelesene Nachrichten`,
    online: 'online',
    verified: 'geprüft',
    notActive: 'verlassen',
    unsupported: 'Nachricht in einem neueren Format',
    noMessages: 'Noch keine Nachrichten',
    loading: 'Chats werden geladen …',
    empty: 'Noch keine Chats',
    emptyHint: 'Schreib jemandem aus deinen Kontakten, oder füge zuerst einen Kontakt hinzu.',
    addContact: 'Kontakt hinzufügen',
    emptyUnread: 'Alles gelesen',
    emptyGroups: 'Noch keine Gruppen',
    nothingFound: (search: string) => `Kein Chat mit „${search}“`,
    showAll: 'Alle Chats anzeigen',
  },
  typing: {
    direct: 'tippt …',
    one: (name: string) => `${name} tippt …`,
    two: (one: string, other: string) => `${one} und ${other} tippen …`,
    many: (count: number) => `${String(count)} Personen tippen …`,
  },
  state: {
    waiting: 'wartet',
    sent: 'gesendet',
    delivered: 'zugestellt',
    read: 'gelesen',
    failed: 'nicht gesendet',
  },
  chat: {
    region: 'Unterhaltung',
    none: 'Wähle einen Chat',
    noneHint:
      'Deine Nachrichten sind Ende-zu-Ende-verschlüsselt: Nur du und dein Gegenüber können sie lesen.',
    loading: 'Nachrichten werden geladen …',
    gone: 'Diesen Chat gibt es hier nicht.',
    goneAction: 'Zu den Chats',
    back: 'Zurück zu den Chats',
    details: 'Details anzeigen',
    hideDetails: 'Details schließen',
    members: (count: number) => (count === 1 ? '1 Mitglied' : `${String(count)} Mitglieder`),
    onlineCount: (count: number) => `${String(count)} online`,
    online: 'online',
    messages: (title: string) => `Nachrichten mit ${title}`,
    empty: 'Sag Hallo 👋',
    emptyHint: (title: string) => `Hier beginnt deine Unterhaltung mit ${title}.`,
    emptyGroupHint: 'Hier beginnt die Gruppe. Nur ihre Mitglieder können lesen, was ihr schreibt.',
    beginning: 'Hier beginnt die Unterhaltung.',
    joinedLater: 'Dieses Gerät ist später dazugekommen. Der frühere Verlauf folgt später.',
    loadingOlder: 'Ältere Nachrichten werden geladen …',
    unread: (count: number) =>
      count === 1 ? '1 ungelesene Nachricht' : `${String(count)} ungelesene Nachrichten`,
    toLatest: 'Zu den neuesten Nachrichten',
    toLatestCount: (count: number) =>
      count === 1 ? 'Zur neuesten Nachricht, 1 neue' : `Zu den neuesten Nachrichten, ${String(count)} neue`,
    today: 'Heute',
  },
  message: {
    you: 'Du',
    unknown: 'Unbekannt',
    replyTo: (author: string, text: string) => `Antwort auf ${author}: ${text}`,
    toOriginal: 'Zur ursprünglichen Nachricht',
    actions: 'Aktionen zur Nachricht',
    reply: 'Antworten',
    copy: 'Text kopieren',
    copied: 'Text kopiert',
    copyFailed: 'Der Text ließ sich nicht kopieren.',
    retry: 'Erneut versuchen',
    discard: 'Verwerfen',
    failed: 'Nicht gesendet.',
    broken: {
      'cannot-open': 'Diese Nachricht ließ sich nicht öffnen.',
      'not-for-this-device': 'Diese Nachricht wurde geschrieben, bevor dieses Gerät dazukam.',
      altered: 'Diese Nachricht wurde unterwegs verändert und wird deshalb nicht angezeigt.',
      unsupported: 'Diese Nachricht braucht eine neuere Version. Lade die Seite neu, um sie zu bekommen.',
    },
    repairing: 'Brieftaube versucht gerade, sie wiederherzustellen …',
    newMessage: (name: string, text: string) => `${name}: ${text}`,
    newMessages: (count: number) => `${String(count)} neue Nachrichten`,
  },
  composer: {
    region: 'Nachricht schreiben',
    placeholder: (title: string) => `Nachricht an ${title}`,
    label: (title: string) => `Nachricht an ${title}`,
    send: 'Senden',
    replyingTo: (name: string) => `Antwort an ${name}`,
    replyingToSelf: 'Antwort auf deine Nachricht',
    cancelReply: 'Antwort abbrechen',
    offline: 'Du bist offline – wird gesendet, sobald du wieder online bist.',
    tooLong: (over: number) => (over === 1 ? '1 Zeichen zu viel' : `${String(over)} Zeichen zu viel`),
    notTaken: 'Die Nachricht wurde nicht angenommen und steht wieder im Textfeld.',
    preparing: 'Der Chat wird noch vorbereitet. Du kannst schon schreiben und gleich senden.',
    left: 'Du bist nicht mehr in dieser Gruppe. Der Verlauf bleibt auf diesem Gerät.',
    leftDirect: 'Diese Unterhaltung ist beendet. Der Verlauf bleibt auf diesem Gerät.',
    newChat: 'Neuen Chat beginnen',
    blocked: (name: string) => `Du hast ${name} blockiert und kannst hier nicht schreiben.`,
    unblock: 'Blockierung aufheben',
    keyChanged: (name: string) => `Der Schlüssel von ${name} hat sich geändert.`,
    keyChangedWhy:
      'Das passiert, wenn jemand das Konto neu einrichtet. Es kann aber auch heißen, dass sich jemand anderes ausgibt. Vergleicht am besten eure Sicherheitsnummer, bevor du weiterschreibst.',
    compare: 'Sicherheitsnummer vergleichen',
    accept: 'Neuen Schlüssel annehmen',
    acceptTitle: 'Neuen Schlüssel annehmen?',
    acceptBody: (name: string) =>
      `Ab dann gehen deine Nachrichten an den neuen Schlüssel von ${name}. Frag im Zweifel vorher auf einem anderen Weg nach.`,
    cancel: 'Abbrechen',
  },
  newChat: {
    title: 'Neuer Chat',
    search: 'Kontakte suchen',
    contacts: 'Kontakte',
    none: 'Noch keine Kontakte',
    noneHint:
      'Füge jemanden über den genauen Benutzernamen hinzu. Sobald die Anfrage angenommen ist, könnt ihr schreiben.',
    nobody: (search: string) => `Kein Kontakt mit „${search}“`,
    addContact: 'Kontakt hinzufügen',
    group: 'Neue Gruppe',
    close: 'Schließen',
  },
  newGroup: {
    title: 'Neue Gruppe',
    name: 'Name der Gruppe',
    namePlaceholder: 'Zum Beispiel Verein Frühling',
    nameMissing: 'Gib der Gruppe einen Namen.',
    members: 'Mitglieder',
    chosen: (count: number) => (count === 1 ? '1 Person gewählt' : `${String(count)} Personen gewählt`),
    /** Follows a name. */
    remove: '– entfernen',
    create: 'Gruppe erstellen',
    creating: 'Gruppe wird erstellt …',
    cancel: 'Abbrechen',
    memberMissing: 'Wähle mindestens eine Person.',
  },
  details: {
    region: 'Details',
    title: 'Details',
    groupTitle: 'Gruppe',
    rename: 'Gruppe umbenennen',
    save: 'Speichern',
    cancel: 'Abbrechen',
    close: 'Details schließen',
    members: (count: number) => (count === 1 ? '1 Mitglied' : `${String(count)} Mitglieder`),
    addMembers: 'Mitglieder hinzufügen',
    add: (count: number) => (count <= 1 ? 'Hinzufügen' : `${String(count)} Personen hinzufügen`),
    nobodyToAdd: 'Alle deine Kontakte sind schon in dieser Gruppe.',
    you: 'Du',
    admin: 'Admin',
    memberMenu: (name: string) => `Aktionen zu ${name}`,
    person: 'Kontakt anzeigen',
    makeAdmin: 'Zum Admin machen',
    unmakeAdmin: 'Adminrechte entziehen',
    remove: 'Aus der Gruppe entfernen',
    removeTitle: (name: string) => `${name} entfernen?`,
    removeBody: (name: string) =>
      `${name} sieht keine neuen Nachrichten mehr. Was schon angekommen ist, bleibt dort lesbar.`,
    removeAction: 'Entfernen',
    leave: 'Gruppe verlassen',
    leaveTitle: 'Gruppe verlassen?',
    leaveBody:
      'Du bekommst keine neuen Nachrichten mehr. Der bisherige Verlauf bleibt auf diesem Gerät. Zurück kommst du nur, wenn dich ein Admin wieder hinzufügt.',
    leaveLastAdmin: 'Du bist der einzige Admin. Mach am besten vorher jemand anderen zum Admin.',
    devices: (count: number) => (count === 1 ? '1 Gerät' : `${String(count)} Geräte`),
    keyChanged: 'Schlüssel geändert',
    encrypted: 'Ende-zu-Ende-verschlüsselt',
    encryptedHint:
      'Nur die Geräte der Mitglieder können lesen, was hier geschrieben wird – nicht der Server, nicht sein Betreiber.',
  },
  system: {
    created: (by: Person) =>
      by.own ? 'Du hast die Unterhaltung begonnen' : `${by.name} hat die Unterhaltung begonnen`,
    membersAdded: (by: Person, who: readonly Person[]) =>
      `${subject(by)} ${have(by)} ${listOf(who.map(objectOf))} hinzugefügt`,
    memberRemoved: (by: Person, who: Person) => `${subject(by)} ${have(by)} ${objectOf(who)} entfernt`,
    memberLeft: (who: Person) =>
      who.own ? 'Du hast die Gruppe verlassen' : `${who.name} hat die Gruppe verlassen`,
    deviceAdded: (who: Person) =>
      who.own ? 'Du schreibst jetzt auch von einem neuen Gerät' : `Neues Gerät von ${who.name}`,
    deviceRemoved: (who: Person) =>
      who.own ? 'Eines deiner Geräte wurde abgemeldet' : `Ein Gerät von ${who.name} wurde abgemeldet`,
    adminMade: (by: Person, who: Person) => `${subject(by)} ${have(by)} ${objectOf(who)} zum Admin gemacht`,
    adminUnmade: (by: Person, who: Person) =>
      `${subject(by)} ${have(by)} ${who.own ? 'dir' : who.name} die Adminrechte entzogen`,
    titleChanged: (by: Person, title: string) =>
      `${subject(by)} ${have(by)} die Gruppe in „${title}“ umbenannt`,
    keyChanged: (who: Person) =>
      who.own ? 'Dein Schlüssel hat sich geändert' : `Der Schlüssel von ${who.name} hat sich geändert`,
    reset: 'Die Verschlüsselung wurde neu eingerichtet. Ihr könnt wie gewohnt weiterschreiben',
    restored:
      'Der Server wurde aus einer älteren Sicherung wiederhergestellt. Was er dabei verloren hat, steht darüber und ist nur noch auf den Geräten, die es schon hatten',
    restoredMembers: (back: readonly Person[], gone: readonly Person[]) =>
      [
        ...(back.length === 0 ? [] : [`Nach der Wiederherstellung wieder dabei: ${listOf(back.map(named))}`]),
        ...(gone.length === 0
          ? []
          : [`Nach der Wiederherstellung nicht mehr dabei: ${listOf(gone.map(named))}`]),
      ].join('. '),
    history: {
      gap: 'Der Server hat hier Nachrichten ausgelassen. Frag nach, ob dir etwas fehlt',
      reordered: 'Der Server hat hier Nachrichten in anderer Reihenfolge geliefert',
      forked: 'Der Server zeigt nicht allen denselben Verlauf. Sprecht auf einem anderen Weg darüber',
      'refused-change': 'Eine unerlaubte Änderung an der Gruppe wurde abgelehnt',
    },
  },
}

export interface Person {
  /** Isolated already. */
  readonly name: string
  readonly own: boolean
}

function subject(person: Person): string {
  return person.own ? 'Du' : person.name
}

function have(person: Person): string {
  return person.own ? 'hast' : 'hat'
}

function named(person: Person): string {
  return person.own ? 'du' : person.name
}

function objectOf(person: Person): string {
  return person.own ? 'dich' : person.name
}

function listOf(names: readonly string[]): string {
  return new Intl.ListFormat('de', { type: 'conjunction' }).format(names)
}
