/** What is said in the demonstration: [author, minutes before now, words]; "!" begins an event. */
export interface DemoLine {
  readonly by: string
  readonly minutesAgo: number
  readonly de: string
  readonly en: string
  /** Index of the line that this one answers. */
  readonly answers?: number
  readonly state?: 'waiting' | 'sent' | 'delivered' | 'read' | 'failed'
  readonly event?: 'added' | 'device' | 'title' | 'created' | 'left' | 'admin' | 'key' | 'gap' | 'restored'
  readonly broken?: 'cannot-open' | 'not-for-this-device' | 'altered' | 'unsupported'
}

const DAY = 24 * 60

const line = (
  by: string,
  minutesAgo: number,
  de: string,
  en: string,
  more: Partial<DemoLine> = {},
): DemoLine => ({
  by,
  minutesAgo,
  de,
  en,
  ...more,
})

export const talkOfTheClub: readonly DemoLine[] = [
  line('carla', 9 * DAY, '', '', { event: 'created' }),
  line(
    'carla',
    9 * DAY - 1,
    'Herzlich willkommen! Hier sammeln wir alles zum Frühlingsfest.',
    'Welcome! This is where we collect everything about the spring party.',
  ),
  line('bob', 9 * DAY - 14, 'Danke fürs Einrichten 🙂', 'Thanks for setting this up 🙂'),
  line('alice', 9 * DAY - 15, 'Sehr gern dabei.', 'Happy to be part of it.', { state: 'read' }),
  line('carla', 3 * DAY, '', '', { event: 'added' }),
  line(
    'david',
    3 * DAY - 20,
    'Hallo zusammen! Ich kümmere mich um die Getränke. Angebot vom Händler: https://www.getraenke-kern.example/angebote/fruehling-2026 (gilt bis Ende des Monats).',
    'Hello everybody! I take care of the drinks. The offer: https://www.getraenke-kern.example/offers/spring-2026 (valid until the end of the month).',
  ),
  line(
    'eva',
    3 * DAY - 22,
    'Super. Bitte auch etwas ohne Zucker für die Kinder.',
    'Great. Please also something without sugar for the children.',
  ),
  line('carla', 3 * DAY - 40, '', '', { event: 'title' }),
  line(
    'carla',
    DAY + 120,
    'Wer kann am Samstag beim Aufbau helfen? Wir brauchen noch drei Leute ab 9 Uhr.',
    'Who can help to set up on Saturday? We still need three people from 9 o’clock.',
  ),
  line(
    'carla',
    DAY + 119,
    'Treffpunkt ist der Hintereingang der Halle.',
    'We meet at the back door of the hall.',
  ),
  line(
    'alice',
    DAY + 113,
    'Ich bin dabei, und Bob auch. Er holt den Anhänger.',
    'I am in, and so is Bob. He gets the trailer.',
    { answers: 8, state: 'read' },
  ),
  line('bob', DAY + 112, '👍', '👍'),
  line(
    'eva',
    DAY + 60,
    'Ich kann erst ab 11, bringe dafür zwei Leute mit:\n– Jonas\n– seine Schwester',
    'I can only come at 11, but I bring two people:\n– Jonas\n– his sister',
    { answers: 8 },
  ),
  line('bob', 190, '', '', { event: 'device' }),
  line(
    'bob',
    41,
    'Anhänger ist reserviert. Die Packliste liegt hier: https://wolke.verein-fruehling.example/s/packliste',
    'The trailer is reserved. The packing list is here: https://cloud.spring-club.example/s/packing-list',
  ),
  line('alice', 33, 'Super, danke!', 'Great, thank you!', { state: 'read' }),
  line('alice', 32, 'Ich bringe die Liste mit.', 'I will bring the list.', { state: 'read' }),
  line(
    'eva',
    12,
    'Braucht ihr noch Verlängerungskabel? Wir haben in der Praxis drei Trommeln mit je 25 Metern, die könnte ich am Freitagabend vorbeibringen.',
    'Do you still need extension cables? We have three drums of 25 metres at the surgery; I could drop them off on Friday evening.',
  ),
  line('carla', 9, 'Ja, unbedingt! 🎉', 'Yes, please! 🎉', { answers: 17 }),
  line('carla', 9, 'Und wer hat einen Schlüssel?', 'And who has a key?'),
]

export const talkWithCarla: readonly DemoLine[] = [
  line('carla', 2 * DAY, 'Bist du gut angekommen?', 'Did you arrive safely?'),
  line(
    'alice',
    2 * DAY - 3,
    'Ja, alles bestens. Der Zug war sogar pünktlich!',
    'Yes, all fine. The train was even on time!',
    { state: 'read' },
  ),
  line('carla', 2 * DAY - 4, '🎉🎉', '🎉🎉'),
  line('carla', 6, 'Hast du kurz Zeit?', 'Do you have a minute?'),
  line('carla', 5, 'Es geht um den Schlüssel für die Halle.', 'It is about the key to the hall.'),
]

export const talkWithBob: readonly DemoLine[] = [
  line('alice', 5 * DAY, '', '', { event: 'created' }),
  line(
    'bob',
    5 * DAY - 5,
    'Endlich ein Messenger, der auf unserem eigenen Server läuft.',
    'Finally a messenger that runs on our own server.',
  ),
  line('alice', 5 * DAY - 7, 'Und niemand liest mit 😄', 'And nobody reads along 😄', { state: 'read' }),
  line('bob', 300, '', '', { broken: 'cannot-open' }),
  line('bob', 299, '', '', { broken: 'not-for-this-device' }),
  line('bob', 200, '', '', { event: 'gap' }),
  line(
    'bob',
    130,
    'Der Aushang für Samstag hängt. Ichhabejetztmaleinwirklichsehrlangeswortgeschriebendasnirgendwoumbrochenwerdenkannundtrotzdempasst.',
    'The notice for Saturday is up. Ihavewrittenoneverylongwordthatcannotbebrokenanywhereandstillhastofitintothebubblewithoutscrolling.',
  ),
  line('alice', 100, 'Perfekt. Ich drucke noch zwei davon.', 'Perfect. I will print two more.', {
    state: 'delivered',
  }),
  line('alice', 58, 'Kannst du den Anhänger am Freitag schon holen?', 'Can you get the trailer on Friday?', {
    state: 'failed',
  }),
  line('alice', 2, 'Ich bin ab 17 Uhr da.', 'I am there from 5 pm.', { state: 'waiting' }),
]

export const talkWithSamir: readonly DemoLine[] = [
  line('samir', 3 * DAY, 'مرحبا أليس، هل وصلت الرسالة؟', 'مرحبا أليس، هل وصلت الرسالة؟'),
  line('alice', 3 * DAY - 2, 'Ja! العنوان هو Hauptstraße 12.', 'Yes! العنوان هو 12 Main Street.', {
    state: 'sent',
  }),
]

export const shortTalks: Readonly<Record<string, readonly DemoLine[]>> = {
  family: [
    line('lukas', DAY + 200, 'Oma, alles Gute zum Geburtstag! 🎂', 'Happy birthday, grandma! 🎂'),
    line('oma', DAY + 180, 'Danke euch allen! 💐', 'Thank you all! 💐'),
  ],
  david: [line('david', DAY + 400, 'Passt dir Montag um 18 Uhr?', 'Does Monday at 6 pm suit you?')],
  surgery: [line('eva', 4 * DAY, 'Die Laborwerte sind da.', 'The lab results are in.')],
  frieda: [line('alice', 10 * DAY, 'Bis zum nächsten Mal!', 'See you next time!', { state: 'read' })],
  jonas: [
    line('jonas', 8 * DAY, 'Neues Handy, bin wieder da.', 'New phone, I am back.'),
    line('jonas', 5 * DAY, '', '', { event: 'key' }),
  ],
  mei: [line('mei', 12 * DAY, 'またね！', 'またね！')],
  lukas: [],
  theresa: [
    line('theresa', 20 * DAY, 'Mit herzlichen Grüßen aus dem Süden', 'With kind regards from the south'),
    line('theresa', 60, '', '', { event: 'restored' }),
  ],
  oldgroup: [
    line(
      'frieda',
      40 * DAY,
      'Das war’s für dieses Jahr, danke euch!',
      'That was it for this year, thank you all!',
    ),
    line('frieda', 39 * DAY, '', '', { event: 'left' }),
  ],
}

/** Sentences for as many messages as a measurement wants. */
export const filler = {
  de: [
    'Ja, passt.',
    'Ich melde mich morgen noch einmal.',
    'Wer bringt den Kuchen mit?',
    '😂',
    'Das Angebot liegt bei 248 Euro, inklusive Lieferung und Aufbau am Vormittag.',
    'Könnt ihr bitte bis Mittwoch Bescheid geben, ob ihr dabei seid? Dann kann ich die Plätze fest reservieren und wir haben am Wochenende keinen Stress mehr damit.',
    'Siehe https://www.verein-fruehling.example/termine',
    'Danke!',
    'Bin unterwegs',
    'Erste Zeile\nZweite Zeile\nDritte Zeile',
    'Gern. Ich frage auch noch im Büro nach, die haben bestimmt eine zweite Leiter.',
    '👍',
  ],
  en: [
    'Yes, works for me.',
    'I will get back to you tomorrow.',
    'Who brings the cake?',
    '😂',
    'The offer is 248 euros, including delivery and set-up in the morning.',
    'Could you please tell me by Wednesday whether you are coming? Then I can book the seats and we will have no stress with it at the weekend.',
    'See https://www.spring-club.example/dates',
    'Thanks!',
    'On my way',
    'First line\nSecond line\nThird line',
    'Sure. I will also ask at the office, they must have a second ladder.',
    '👍',
  ],
} as const
