import { describe, expect, it } from 'vitest'
import {
  areaOf,
  parentOf,
  parseRoute,
  pathOf,
  settingsSections,
  showsList,
  type Route,
} from '../../src/app/routes.ts'

const id = 'abcdefghijklmnopqrstuA'
const known = [
  '/',
  `/chats/${id}`,
  `/chats/${id}/details`,
  '/contacts',
  `/contacts/${id}`,
  '/settings',
  ...settingsSections.map((section) => `/settings/${section}`),
  '/@alice',
  '/invite/Zk3vQm8tYw',
]

describe('routes', () => {
  it('are written the way they were read', () => {
    for (const path of known) {
      const route = parseRoute(path)
      expect(route.kind, path).not.toBe('unknown')
      expect(pathOf(route)).toBe(path)
    }
  })

  it('treat whatever nobody made as unknown', () => {
    const strange = [
      '/chats/x',
      `/chats/${id}/members`,
      '/settings/advanced',
      '/contacts/../x',
      '/@',
      '/invite/',
      '/a/b/c/d',
    ]
    for (const path of strange) expect(parseRoute(path).kind, path).toBe('unknown')
  })

  it('read a user name in any case, escaped or not', () => {
    expect(parseRoute('/@Alice')).toEqual({ kind: 'person', userName: 'alice' })
    expect(parseRoute('/%40alice')).toEqual({ kind: 'person', userName: 'alice' })
    expect(parseRoute('/%E0%A4%A').kind).toBe('unknown')
  })

  it('belong to an area, and say whether a narrow window shows its list', () => {
    const person: Route = { kind: 'person', userName: 'alice' }
    expect(areaOf(person)).toBe('contacts')
    expect(showsList(person)).toBe(false)
    expect(showsList(parseRoute('/'))).toBe(true)
    expect(showsList(parseRoute(`/chats/${id}`))).toBe(false)
    expect(areaOf(parseRoute('/settings/about'))).toBe('settings')
  })

  it('lead one step up, and no further than a list', () => {
    const details = parseRoute(`/chats/${id}/details`)
    expect(parentOf(details)).toEqual(parseRoute(`/chats/${id}`))
    expect(parentOf(parseRoute(`/chats/${id}`))).toEqual(parseRoute('/'))
    expect(parentOf(parseRoute('/@bob'))).toEqual(parseRoute('/contacts'))
    for (const path of ['/', '/contacts', '/settings'])
      expect(parentOf(parseRoute(path)), path).toBeUndefined()
  })
})
