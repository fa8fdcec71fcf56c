/** What is refused before it is looked at: other spellings of a path, other forms of a request, other methods. */
import { socketQuery } from '@brieftaube/protocol'
import { innerPrefix } from './answers.ts'
import { directive, map } from './directives.ts'
import { knownMethods } from './routes.ts'

/**
 * One path has one spelling: segments of unreserved characters that are neither "." nor "..", joined by single slashes.
 * So nginx, Express and the file system cannot disagree about what is asked for (`/api/chat/..%2fauth/x`).
 */
const canonical =
  '~^(?=.{1,2048}$)(?:/(?!\\.{1,2}(?:[/?]|$))[A-Za-z0-9_.@-]+)*/?(?:\\?[\\x21\\x22\\x24-\\x7e]*)?$'

export function refusalMaps(): string[] {
  return [
    ...map('$request_uri', '$uncanonical', [
      ['default', 1],
      // the empty path is no path
      ['', 1],
      ['~^\\?', 1],
      [canonical, 0],
    ]),
    // the target must be a path: "GET http://other.example/ HTTP/1.1" would carry a host of its own
    ...map('$request', '$other_form', [
      ['default', 1],
      ['~^[A-Z]+ /[^ ]* HTTP/(?:1\\.[01]|2\\.0|3\\.0)$', 0],
    ]),
    // Socket.IO's own query and no other: a session id in it would skip the service's check of the ticket
    ...map('$request_method $http_upgrade $args', '$not_a_socket', [
      ['default', 1],
      [`~*^GET websocket ${socketQuery}$`, 0],
    ]),
    ...map('$request_method', '$other_method', [
      ['default', 1],
      ...knownMethods().map((each) => [each, 0] as const),
    ]),
    // an error's own place is not refused again: on its way there the request comes by a second time
    ...whereNotInside('$other_method', '$refused_method', '1'),
    ...whereNotInside('$other_form$uncanonical', '$refused_request', '1.|.1'),
  ]
}

function whereNotInside(source: string, variable: string, refused: string): string[] {
  const rows = [
    ['default', 0],
    [`~^${innerPrefix}`, 0],
    [`~ (?:${refused})$`, 1],
  ] as const
  return map(`$uri ${source}`, variable, rows, { volatile: true })
}

/** For the beginning of every server. */
export function refusals(): string[] {
  return [...refuse('$refused_method', 405), ...refuse('$refused_request', 400)]
}

function refuse(variable: string, status: number): string[] {
  return [`if (${variable}) {`, `  ${directive('return', status)}`, '}']
}
