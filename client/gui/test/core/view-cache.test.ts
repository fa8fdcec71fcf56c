import type { ConnectionView, CoreClient } from '@brieftaube/contract'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeViewCache } from '../../src/core/view-cache.ts'

const online: ConnectionView = { kind: 'online', waiting: 0, catchingUp: false }

function fakeCore() {
  const watching = new Set<(state: never) => void>()
  const client: CoreClient = {
    call: () => Promise.reject(new Error('not used')),
    watch: (_name, _parameter, listener) => {
      watching.add(listener)
      return () => watching.delete(listener)
    },
  }
  return {
    client,
    watching,
    push: (state: ConnectionView) => watching.forEach((listener) => listener(state as never)),
  }
}

describe('views in the window', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('are asked for once, however many look', () => {
    const { client, watching, push } = fakeCore()
    const store = makeViewCache(client).store('connection', {})
    const heard = vi.fn()
    store.subscribe(heard)
    store.subscribe(() => undefined)
    expect(watching.size).toBe(1)
    push(online)
    expect(heard).toHaveBeenCalledOnce()
    expect(store.peek()).toBe(online)
  })

  it('stay known for a moment after the last has looked away, then end', () => {
    const { client, watching, push } = fakeCore()
    const cache = makeViewCache(client)
    const leave = cache.store('connection', {}).subscribe(() => undefined)
    push(online)
    leave()
    expect(cache.store('connection', {}).peek()).toBe(online)
    vi.advanceTimersByTime(10_000)
    expect(watching.size).toBe(0)
    expect(cache.store('connection', {}).peek()).toBeUndefined()
  })

  it('go on without a gap when somebody comes back in time', () => {
    const { client, watching, push } = fakeCore()
    const store = makeViewCache(client).store('connection', {})
    const leave = store.subscribe(() => undefined)
    push(online)
    leave()
    vi.advanceTimersByTime(1000)
    store.subscribe(() => undefined)
    vi.advanceTimersByTime(10_000)
    expect(watching.size).toBe(1)
    expect(store.peek()).toBe(online)
  })
})
