import { describe, expect, it } from 'vitest'
import { selectRows, stepFrom, type ListQuery } from '../../src/chats/list-rows.ts'
import { conversationId, row } from './fixtures.ts'

const rows = [
  row('Anna', { lastActivityAt: 1 }),
  row('Bob', { lastActivityAt: 3, unread: 2 }),
  row('Verein Frühling', { lastActivityAt: 2, kind: 'group' }),
]
const query = (more: Partial<ListQuery> = {}): ListQuery => ({
  filter: 'all',
  search: '',
  open: undefined,
  ...more,
})
const titles = (more: Partial<ListQuery> = {}) => selectRows(rows, query(more)).map((found) => found.title)

describe('the chat list', () => {
  it('is ordered by last activity and does not touch what it was given', () => {
    expect(titles()).toEqual(['Bob', 'Verein Frühling', 'Anna'])
    expect(rows[0]?.title).toBe('Anna')
  })

  it('filters, and keeps the open chat although it has just been read', () => {
    expect(titles({ filter: 'unread' })).toEqual(['Bob'])
    expect(titles({ filter: 'unread', open: conversationId('Anna') })).toEqual(['Bob', 'Anna'])
    expect(titles({ filter: 'groups' })).toEqual(['Verein Frühling'])
  })

  it('searches over all chats, whatever the filter says', () => {
    expect(titles({ filter: 'groups', search: 'ann' })).toEqual(['Anna'])
  })
})

describe('the search', () => {
  it.each([
    ['fruhling', 'Verein Frühling'],
    ['fruehling', 'Verein Frühling'],
    ['FRÜHLING ver', 'Verein Frühling'],
    ['strasse', 'Lange Straße'],
    ['straße', 'LANGE STRASSE'],
    ['muller', 'Müller'],
    ['müller', 'Mueller'],
    ['jose', 'José'],
  ])('"%s" finds "%s"', (search, title) => {
    expect(selectRows([row(title)], query({ search }))).toHaveLength(1)
  })

  it('wants every word, and an empty one is none', () => {
    expect(titles({ search: 'verein herbst' })).toEqual([])
    expect(titles({ search: '  ' })).toHaveLength(3)
  })
})

describe('steps through the list', () => {
  const ordered = selectRows(rows, query())
  const from = (title: string) => conversationId(title)

  it('end at both ends', () => {
    expect(stepFrom(ordered, from('Anna'), 'next')).toBeUndefined()
    expect(stepFrom(ordered, from('Bob'), 'next')).toBe('Verein Frühling')
    expect(stepFrom(ordered, undefined, 'next')).toBe('Bob')
    expect(stepFrom(ordered, undefined, 'previous')).toBeUndefined()
    expect([stepFrom(ordered, undefined, 'first'), stepFrom(ordered, undefined, 'last')]).toEqual([
      'Bob',
      'Anna',
    ])
  })

  it('go round to the next unread one', () => {
    expect(stepFrom(ordered, from('Anna'), 'next-unread')).toBe('Bob')
    expect(stepFrom(ordered, from('Anna'), 'previous-unread')).toBe('Bob')
    expect(stepFrom(ordered, from('Bob'), 'next-unread')).toBeUndefined()
  })
})
