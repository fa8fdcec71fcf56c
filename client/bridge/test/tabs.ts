/** A tab as the tests use it: a window over a worker of the fake browser, watching the one conversation. */
import { connectCore, serveCore, type PagePort } from '@brieftaube/bridge'
import type { CoreClient, Failure, MessagesView } from '@brieftaube/contract'
import type { FakeBrowser, FakeTab } from './fake-browser.ts'
import { room, startToyCore, type ToyDisk } from './toy-core.ts'

export interface Tab extends FakeTab {
  readonly client: CoreClient
  /** Every state of the conversation that this window was shown. */
  readonly shown: MessagesView[]
  readonly failures: Failure[]
  readonly page: Map<string, (event: { persisted?: boolean }) => void>
  starts: number
}

export function open(
  browser: FakeBrowser,
  disk: ToyDisk,
  options: { pauseMs?: () => number; locks?: boolean } = {},
): Tab {
  const fake = browser.openTab(options)
  const page: Tab['page'] = new Map()
  const pagePort: PagePort = { addEventListener: (name, listener) => page.set(name, listener) }
  const failures: Failure[] = []
  const shown: MessagesView[] = []
  const client = connectCore(fake.worker, { page: pagePort, onFailure: (failure) => failures.push(failure) })
  const tab: Tab = Object.assign(fake, { client, shown, failures, page, starts: 0 })
  client.watch('messages', { conversation: room }, (state) => {
    if (tab.alive) shown.push(state)
  })
  serveCore(
    () => {
      tab.starts++
      return startToyCore(disk, {
        alive: () => tab.alive,
        frozen: () => tab.backlog !== undefined,
        pauseMs: options.pauseMs ?? (() => 1),
      })
    },
    { ports: fake.ports, probeMs: 40 },
  )
  return tab
}

export const texts = (tab: Tab): string[] =>
  tab.shown.at(-1)?.messages.map((message) => ('text' in message ? message.text : '')) ?? []
export const send = (tab: Tab, text: string): Promise<unknown> =>
  tab.client.call('sendText', { conversation: room, localId: `id-${text}`, text })
