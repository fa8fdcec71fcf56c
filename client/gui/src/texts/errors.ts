/** A sentence for every failure. It says what happened and, where there is one, the next step. */
import type { Failure } from '@brieftaube/contract'
import type { Language } from './language.ts'
import { counted } from './plural.ts'

type Sentences = Readonly<Record<Failure['code'], string>>

const de: Sentences = {
  malformed: 'Der Server hat die Anfrage nicht verstanden. Lade die Seite neu und versuche es noch einmal.',
  'too-large': 'Das ist zu groß. Versuche es mit weniger auf einmal.',
  unauthenticated: 'Deine Anmeldung ist abgelaufen. Melde dich bitte neu an.',
  forbidden: 'Dazu hast du hier keine Berechtigung.',
  'not-found': 'Das gibt es nicht mehr.',
  'method-not-allowed': 'Der Server kennt diese Funktion nicht. Lade die Seite neu.',
  conflict: 'Inzwischen hat sich etwas geändert. Sieh nach und versuche es noch einmal.',
  'name-taken': 'Diesen Benutzernamen gibt es schon. Wähle bitte einen anderen.',
  'stale-epoch': 'In der Gruppe hat sich gerade etwas geändert. Versuche es noch einmal.',
  'commit-required': 'Die Gruppe muss erst aktualisiert werden. Versuche es gleich noch einmal.',
  'commit-refused': 'Diese Änderung lässt die Gruppe nicht zu.',
  'wrong-credentials': 'Benutzername oder Passwort stimmt nicht.',
  'registration-closed': 'Auf diesem Server kannst du dich nur mit einer Einladung registrieren.',
  'invite-invalid': 'Diese Einladung ist abgelaufen oder wurde schon benutzt. Bitte um eine neue.',
  'login-expired': 'Das hat zu lange gedauert. Versuche die Anmeldung noch einmal.',
  'not-a-contact': 'Ihr seid noch keine Kontakte. Schicke zuerst eine Kontaktanfrage.',
  'quota-exceeded': 'Die Höchstzahl ist erreicht. Entferne zuerst etwas.',
  'unsupported-version': 'Es gibt eine neue Version. Lade die Seite neu.',
  'rate-limited': 'Das war zu oft hintereinander. Warte einen Moment.',
  busy: 'Der Server ist gerade ausgelastet. Versuche es gleich noch einmal.',
  unavailable: 'Der Server ist gerade nicht erreichbar. Versuche es gleich noch einmal.',
  internal: 'Auf dem Server ist etwas schiefgegangen. Versuche es noch einmal.',
  'device-revoked': 'Dieses Gerät wurde abgemeldet. Melde dich neu an.',
  'account-disabled': 'Dein Konto wurde gesperrt. Wende dich an die Person, die den Server betreibt.',
  'log-restored': 'Der Server wurde aus einer Sicherung wiederhergestellt. Versuche es gleich noch einmal.',
  offline: 'Du bist offline. Sobald die Verbindung wieder da ist, geht es weiter.',
  'not-signed-in': 'Du bist nicht angemeldet.',
  'wrong-recovery-key': 'Das stimmt nicht mit deinem Wiederherstellungsschlüssel überein.',
  'recovery-key-typo':
    'Im Wiederherstellungsschlüssel steckt ein Tippfehler. Vergleiche ihn Zeichen für Zeichen.',
  'unknown-message': 'Diese Nachricht gibt es nicht mehr.',
  'unknown-conversation': 'Diesen Chat gibt es nicht mehr.',
  'empty-text': 'Da steht noch nichts.',
  'text-too-long': 'Der Text ist zu lang. Teile ihn auf mehrere Nachrichten auf.',
  'key-changed':
    'Der Sicherheitsschlüssel dieser Person hat sich geändert. Prüfe ihn, bevor du weiterschreibst.',
  'storage-full': 'Der Speicher dieses Browsers ist voll. Schaffe Platz und versuche es noch einmal.',
  'storage-failed': 'Dieser Browser konnte nichts speichern. Lade die Seite neu.',
  'storage-lost': 'Dieser Browser hat deine Daten entfernt. Melde dich neu an, dann sind sie wieder da.',
  'storage-newer': 'Hier lief schon eine neuere Version. Lade die Seite neu.',
  interrupted: 'Das wurde unterbrochen. Sieh nach, ob es geklappt hat, und versuche es sonst noch einmal.',
  'unsupported-browser':
    'Diesem Browser fehlt etwas Nötiges. Nimm eine aktuelle Version und öffne die Seite über https.',
  'no-key-packages': 'Diese Person ist gerade nicht erreichbar. Sobald ihr Gerät online war, geht es.',
  'decryption-failed': 'Das ließ sich nicht entschlüsseln.',
}

const en: Sentences = {
  malformed: 'The server did not understand the request. Reload the page and try again.',
  'too-large': 'That is too large. Try less at once.',
  unauthenticated: 'Your login has expired. Please log in again.',
  forbidden: 'You are not allowed to do that here.',
  'not-found': 'That no longer exists.',
  'method-not-allowed': 'The server does not know this feature. Reload the page.',
  conflict: 'Something has changed in the meantime. Have a look and try again.',
  'name-taken': 'This user name is taken. Please choose another one.',
  'stale-epoch': 'Something in the group has just changed. Try again.',
  'commit-required': 'The group has to be brought up to date first. Try again in a moment.',
  'commit-refused': 'The group does not allow this change.',
  'wrong-credentials': 'User name or password is wrong.',
  'registration-closed': 'You need an invitation to register on this server.',
  'invite-invalid': 'This invitation has expired or was used already. Ask for a new one.',
  'login-expired': 'That took too long. Try to log in again.',
  'not-a-contact': 'You are not contacts yet. Send a contact request first.',
  'quota-exceeded': 'The limit is reached. Remove something first.',
  'unsupported-version': 'There is a new version. Reload the page.',
  'rate-limited': 'That was too often in a row. Wait a moment.',
  busy: 'The server is busy. Try again in a moment.',
  unavailable: 'The server cannot be reached right now. Try again in a moment.',
  internal: 'Something went wrong on the server. Try again.',
  'device-revoked': 'This device was signed out. Please log in again.',
  'account-disabled': 'Your account was disabled. Ask the person who runs the server.',
  'log-restored': 'The server was restored from a backup. Please try again in a moment.',
  offline: 'You are offline. It continues as soon as the connection is back.',
  'not-signed-in': 'You are not logged in.',
  'wrong-recovery-key': 'That does not match your recovery key.',
  'recovery-key-typo': 'There is a typing error in the recovery key. Compare it character by character.',
  'unknown-message': 'This message no longer exists.',
  'unknown-conversation': 'This chat no longer exists.',
  'empty-text': 'There is nothing written yet.',
  'text-too-long': 'The text is too long. Split it into several messages.',
  'key-changed': 'This person’s security key has changed. Check it before you go on writing.',
  'storage-full': 'This browser’s storage is full. Make room and try again.',
  'storage-failed': 'This browser could not store anything. Reload the page.',
  'storage-lost': 'This browser has removed your data. Log in again to get it back.',
  'storage-newer': 'A newer version has been running here. Reload the page.',
  interrupted: 'That was interrupted. Check whether it worked, and try again if not.',
  'unsupported-browser':
    'This browser lacks something essential. Use a current version and open the page over https.',
  'no-key-packages': 'This person cannot be reached right now. It will work once their device was online.',
  'decryption-failed': 'That could not be decrypted.',
}

const sentences: Readonly<Record<Language, Sentences>> = { de, en }

/** The sentence for a failure, with the waiting time where the server named one. */
export function failureText(language: Language, failure: Pick<Failure, 'code' | 'retryAfterMs'>): string {
  const sentence = sentences[language][failure.code]
  if (failure.code !== 'rate-limited' || failure.retryAfterMs === undefined) return sentence
  return waitText(language, Math.max(1, Math.ceil(failure.retryAfterMs / 1000)))
}

function waitText(language: Language, seconds: number): string {
  const minutes = Math.ceil(seconds / 60)
  if (language === 'de') {
    const wait =
      seconds < 100
        ? counted('de', seconds, 'Sekunde', 'Sekunden')
        : counted('de', minutes, 'Minute', 'Minuten')
    return `Das war zu oft hintereinander. In ${wait} geht es wieder.`
  }
  const wait =
    seconds < 100 ? counted('en', seconds, 'second', 'seconds') : counted('en', minutes, 'minute', 'minutes')
  return `That was too often in a row. Try again in ${wait}.`
}
