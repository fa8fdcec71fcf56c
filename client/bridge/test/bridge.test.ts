/** Several tabs of one profile over fake locks and channels; tabs are killed in the middle of things. */
import { connectCore, serveCore } from '@brieftaube/bridge'
import type { Failure } from '@brieftaube/contract'
import { describe, expect, test, vi } from 'vitest'
import { FakeBrowser } from './fake-browser.ts'
import { open, send, texts } from './tabs.ts'
import { createToyDisk, room, startToyCore } from './toy-core.ts'

describe('tabs of one profile', () => {
  test('share one core, and each sees what any of them does', async () => {
    const [browser, disk] = [new FakeBrowser(), createToyDisk()]
    const tabs = [open(browser, disk), open(browser, disk), open(browser, disk)]
    await Promise.all(tabs.map((tab, index) => send(tab, `from ${index}`)))
    for (const tab of tabs) {
      await vi.waitFor(() => {
        expect(texts(tab).toSorted()).toEqual(['from 0', 'from 1', 'from 2'])
      })
    }
    expect(disk.started).toBe(1)
  })

  test('see the effect of a command in the views before its answer', async () => {
    const [browser, disk] = [new FakeBrowser(), createToyDisk()]
    for (const [index, tab] of [open(browser, disk), open(browser, disk)].entries()) {
      await send(tab, `line ${index}`)
      expect(texts(tab)).toContain(`line ${index}`)
    }
  })

  test('hear failures with their code', async () => {
    const [browser, disk] = [new FakeBrowser(), createToyDisk()]
    open(browser, disk)
    const follower = open(browser, disk)
    const draft = follower.client.call('setDraft', { conversation: room, text: '' })
    await expect(draft).rejects.toMatchObject({ name: 'CommandError', code: 'storage-full' })
  })

  test('go on when the writer is killed in the middle of their commands', async () => {
    const [browser, disk] = [new FakeBrowser(), createToyDisk()]
    const writer = open(browser, disk, { pauseMs: () => 5 })
    const follower = open(browser, disk, { pauseMs: () => 5 })
    await send(follower, 'before')
    const during = send(follower, 'during')
    await new Promise((resolve) => setTimeout(resolve, 9))
    writer.kill()
    await during
    expect(texts(follower)).toEqual(['before', 'during'])
    expect(disk.started).toBe(2)
    expect(disk.seen.filter((context) => context.again)).toHaveLength(1)
    expect(new Set(disk.seen.map((context) => context.id)).size).toBe(2)
  })

  test('refuse to do twice what could harm twice', async () => {
    const [browser, disk] = [new FakeBrowser(), createToyDisk()]
    const writer = open(browser, disk, { pauseMs: () => 20 })
    const follower = open(browser, disk, { pauseMs: () => 20 })
    await send(follower, 'ready')
    const input = { userName: 'alice', displayName: 'Alice', password: 'x', deviceName: 'y' }
    const registration = follower.client.call('register', input)
    await vi.waitFor(
      () => {
        expect(disk.registered).toEqual(['alice'])
      },
      { interval: 1 },
    )
    writer.kill()
    await expect(registration).rejects.toMatchObject({ code: 'interrupted' })
    expect(disk.registered).toEqual(['alice'])
  })

  test('hand over when the writer goes into the back-forward cache, and take it back', async () => {
    const [browser, disk] = [new FakeBrowser(), createToyDisk()]
    const first = open(browser, disk)
    await send(first, 'one')
    first.page.get('pagehide')?.({ persisted: true })
    const second = open(browser, disk)
    await send(second, 'two')
    expect(disk.running).toBe(1)
    const waiting = send(first, 'three')
    first.page.get('pageshow')?.({ persisted: true })
    await waiting
    expect(texts(first)).toEqual(['one', 'two', 'three'])
    expect(disk.running).toBe(1)
  })

  test('find the same writer again after the back-forward cache', async () => {
    const [browser, disk] = [new FakeBrowser(), createToyDisk()]
    const writer = open(browser, disk)
    await send(writer, 'one')
    const follower = open(browser, disk)
    await send(follower, 'two')
    follower.page.get('pagehide')?.({ persisted: true })
    const waiting = send(follower, 'three')
    follower.page.get('pageshow')?.({ persisted: true })
    await waiting
    expect(texts(follower)).toEqual(['one', 'two', 'three'])
    expect(disk.started).toBe(1)
  })

  test('take over from a writer whose tab is frozen, which takes part again when it thaws', async () => {
    const [browser, disk] = [new FakeBrowser(), createToyDisk()]
    const frozen = open(browser, disk)
    await send(frozen, 'one')
    const follower = open(browser, disk)
    await send(follower, 'two')
    frozen.freeze()
    await send(follower, 'three')
    const newcomer = open(browser, disk)
    await send(newcomer, 'four')
    frozen.thaw()
    await send(frozen, 'five')
    for (const tab of [frozen, follower, newcomer]) {
      await vi.waitFor(() => {
        expect(texts(tab)).toEqual(['one', 'two', 'three', 'four', 'five'])
      })
    }
    await vi.waitFor(() => {
      expect(disk.running).toBe(1)
    })
    expect(disk.started).toBe(2)
  })

  test('leave the lock to a writer that is slow but awake', async () => {
    const [browser, disk] = [new FakeBrowser(), createToyDisk()]
    open(browser, disk, { pauseMs: () => 250 })
    const follower = open(browser, disk, { pauseMs: () => 250 })
    await send(follower, 'slow')
    expect(disk.started).toBe(1)
  })

  test('say clearly that they cannot work without Web Locks', async () => {
    const [browser, disk] = [new FakeBrowser(), createToyDisk()]
    const tab = open(browser, disk, { locks: false })
    await expect(send(tab, 'x')).rejects.toMatchObject({ code: 'unsupported-browser' })
    expect(tab.failures[0]?.code).toBe('unsupported-browser')
    expect(disk.started).toBe(0)
  })

  test('say why the core does not start, and try again when asked later', async () => {
    const [browser, disk] = [new FakeBrowser(), createToyDisk()]
    const fake = browser.openTab()
    const failures: Failure[] = []
    const client = connectCore(fake.worker, {
      page: { addEventListener() {} },
      onFailure: (failure) => failures.push(failure),
    })
    let broken = true
    serveCore(
      () =>
        broken
          ? Promise.reject(Object.assign(new Error('newer'), { code: 'storage-newer' }))
          : startToyCore(disk, { alive: () => true, frozen: () => false, pauseMs: () => 1 }),
      { ports: fake.ports },
    )
    const states: unknown[] = []
    client.watch('messages', { conversation: room }, (state) => states.push(state))
    await expect(client.call('reconnect', {})).rejects.toMatchObject({ code: 'storage-newer' })
    expect(failures[0]?.code).toBe('storage-newer')
    broken = false
    await new Promise((resolve) => setTimeout(resolve, 1100))
    await client.call('reconnect', {}).catch(() => undefined)
    await client.call('reconnect', {})
    await vi.waitFor(() => {
      expect(states).toHaveLength(1)
    })
  })

  test('post once for everything of a tick', async () => {
    const [browser, disk] = [new FakeBrowser(), createToyDisk()]
    const tab = open(browser, disk)
    await send(tab, 'warm')
    const before = browser.posts
    await Promise.all(
      Array.from({ length: 50 }, (_unused, index) => tab.client.call('reconnect', { n: index } as never)),
    )
    expect(browser.posts - before).toBeLessThanOrEqual(4)
  })

  test('stop the view that nobody watches and keep the one that is watched again at once', async () => {
    const [browser, disk] = [new FakeBrowser(), createToyDisk()]
    const tab = open(browser, disk)
    await send(tab, 'one')
    const states: number[] = []
    const watchOnce = () =>
      tab.client.watch('messages', { conversation: room }, (state) => states.push(state.messages.length))
    const stop = watchOnce()
    stop()
    const stopAgain = watchOnce()
    await vi.waitFor(() => {
      expect(states).toEqual([1])
    })
    stopAgain()
    await send(tab, 'two')
    expect(states).toEqual([1])
  })
})
