/** What is measured of the client, and its page. */
import { describeMachine, formatMs } from '../load/report.ts'
import { measureKeyToScreen, type KeyToScreen } from './key-to-screen.ts'

export interface ClientReport extends KeyToScreen {
  readonly at: string
  readonly machine: string
}

export async function measureClient(messages: number): Promise<ClientReport> {
  const measured = await measureKeyToScreen(messages)
  return { ...measured, at: new Date().toISOString(), machine: describeMachine() }
}

export function printClientReport({ at, machine, messages, other, own, foreignShare }: ClientReport): string {
  return [
    `# Client, ${at.slice(0, 10)}`,
    '',
    `${machine}. Both browsers (Chromium, headless) and the server share the machine; other programs took`,
    `${(foreignShare * 100).toFixed(0)} % of it meanwhile. ${String(messages)} messages, one at a time, sealed and stored on the way.`,
    '',
    '| from the key press | p50 | p95 | most |',
    '| --- | --- | --- | --- |',
    `| to the other screen’s DOM | **${formatMs(other.p50Ms)}** | **${formatMs(other.p95Ms)}** | ${formatMs(other.maxMs)} |`,
    `| to the own screen’s DOM | ${formatMs(own.p50Ms)} | ${formatMs(own.p95Ms)} | ${formatMs(own.maxMs)} |`,
    '',
  ].join('\n')
}
