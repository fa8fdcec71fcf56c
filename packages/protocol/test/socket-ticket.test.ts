import { expect, test } from 'vitest'
import { limits, socketProtocol, socketProtocols, ticketOf } from '@brieftaube/protocol'

const ticket = 'eyJhbGciOiJFZERTQSJ9.e30.c2ln_-'

test('a ticket is offered beside the protocol that is spoken, and found there', () => {
  const offered = socketProtocols(ticket)
  expect(offered[0]).toBe(socketProtocol)
  // browsers join with a blank, others without
  expect(ticketOf(offered.join(', '))).toBe(ticket)
  expect(ticketOf(offered.join(','))).toBe(ticket)
  // RFC 6455 section 4.1: the elements are tokens of RFC 2616, section 2.2
  for (const each of offered) expect(each).toMatch(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/)
})

test.each([
  undefined,
  '',
  'brieftaube',
  'ticket.a',
  `ticket.${ticket}, brieftaube`,
  `brieftaube, ticket.`,
  `brieftaube, ticket.a, ticket.b`,
  `brieftaube,  ticket.a`,
  `Brieftaube, ticket.a`,
  `brieftaube, ticket.a b`,
  `brieftaube, ticket.${'a'.repeat(limits.tokenMaxBytes + 1)}`,
])('%j holds none', (header) => {
  expect(ticketOf(header)).toBeUndefined()
})
