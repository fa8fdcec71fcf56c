/** From Enter in one browser to the message in the other browser's DOM: two profiles of real Chromium on the built product. */
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { Person, startProduct, temporaryFolder } from '@brieftaube/e2e'
import { freePort } from '@brieftaube/service-kit'
import { createHistogram, type Summary } from '../load/histogram.ts'
import { cpuSecondsOf, machineBusySeconds } from '../load/processes.ts'

export interface KeyToScreen {
  readonly messages: number
  /** To the other person's DOM, and to the writer's own. */
  readonly other: Summary
  readonly own: Summary
  /** What programs other than this, the browsers and the server took of the machine; 1 is all cores. */
  readonly foreignShare: number
}

interface Seen {
  readonly pressedAt: Record<string, number>
  readonly shownAt: Record<string, number>
}

const PAUSE_MS = 250
const WARM_UP_MESSAGES = 10

export async function measureKeyToScreen(messages: number): Promise<KeyToScreen> {
  await using folder = await temporaryFolder('bench')
  await using product = await startProduct({ port: await freePort(), dataFolder: folder.path })
  await using alice = await Person.open(product, { name: 'alice' })
  await using bob = await Person.open(product, { name: 'bob' })
  await alice.register()
  await bob.register()
  await becomeContacts(alice, bob)
  await openConversation(alice, bob)
  await openConversation(bob, alice)
  for (const person of [alice, bob]) await person.page.evaluate(watch)
  const texts = Array.from({ length: messages + WARM_UP_MESSAGES }, (_, index) => `bench-${String(index)}-.`)
  const before = takeStock(product.pid)
  for (const text of texts) {
    await alice.composer.fill(text)
    await alice.composer.press('Enter')
    await sleep(PAUSE_MS)
  }
  await bob.sees(texts.at(-1) ?? '')
  await sleep(500)
  const after = takeStock(product.pid)
  const capacity = (after.at - before.at) * cpus().length
  const foreignShare = Math.max(0, after.busy - before.busy - (after.own - before.own)) / capacity
  const [written, read] = await Promise.all([alice, bob].map((each) => each.page.evaluate(collect)))
  if (written === undefined || read === undefined) throw new Error('no measurements')
  const pressedAt = Object.values(written.pressedAt)
  const since = (shown: Seen): Summary => {
    const histogram = createHistogram()
    texts.forEach((text, index) => {
      const [from, to] = [pressedAt[index], shown.shownAt[text]]
      if (index < WARM_UP_MESSAGES) return
      if (from === undefined || to === undefined) throw new Error(`“${text}” never arrived`)
      histogram.record(to - from)
    })
    return histogram.summary()
  }
  return { messages, other: since(read), own: since(written), foreignShare }
}

/** Seconds. The browsers are children of this process. */
function takeStock(server: number) {
  return {
    at: performance.now() / 1000,
    busy: machineBusySeconds(),
    own: cpuSecondsOf([process.pid, server]),
  }
}

async function becomeContacts(asking: Person, asked: Person): Promise<void> {
  await asking.go('Kontakte')
  await asking.page.getByRole('button', { name: 'Kontakt hinzufügen' }).first().click()
  await asking.page.getByRole('dialog').getByLabel('Benutzername').fill(asked.name)
  await asking.page.getByRole('dialog').getByRole('button', { name: 'Suchen' }).click()
  await asking.page.getByRole('button', { name: 'Anfrage senden' }).click()
  await asked.go('Kontakte')
  await asked.page.getByRole('button', { name: `Anfrage von ${asking.displayName} annehmen` }).click()
}

async function openConversation(person: Person, other: Person): Promise<void> {
  await person.go('Kontakte')
  await person.page.getByText(other.displayName, { exact: true }).first().click()
  await person.page.getByRole('button', { name: 'Nachricht schreiben' }).first().click()
  await person.composer.waitFor()
}

/** Runs in the page. Both browsers are on one machine: their clocks share the system's time. */
function watch(): void {
  const seen: { pressedAt: Record<string, number>; shownAt: Record<string, number> } = {
    pressedAt: {},
    shownAt: {},
  }
  Object.assign(globalThis, { seen })
  const page = (globalThis as unknown as { document: PageDocument }).document
  let pressed = 0
  page.addEventListener(
    'keydown',
    ({ key, timeStamp }) => {
      if (key === 'Enter') seen.pressedAt[String(pressed++)] = performance.timeOrigin + timeStamp
    },
    true,
  )
  const look = (): void => {
    const now = performance.timeOrigin + performance.now()
    const log = page.querySelector('[role=log]')
    for (const [text] of (log?.textContent ?? '').matchAll(/bench-\d+-\./g)) seen.shownAt[text] ??= now
  }
  const { MutationObserver } = globalThis as unknown as { MutationObserver: Observer }
  new MutationObserver(look).observe(page, { subtree: true, childList: true, characterData: true })
}

/** What `watch` needs of a page; this file is compiled for Node. */
interface PageDocument {
  querySelector(selector: string): { readonly textContent: string | null } | null
  addEventListener(
    name: 'keydown',
    listener: (event: { readonly key: string; readonly timeStamp: number }) => void,
    capture: boolean,
  ): void
}
type Observer = new (listener: () => void) => { observe(target: unknown, options: object): void }

function collect(): Seen {
  return (globalThis as unknown as { seen: Seen }).seen
}
