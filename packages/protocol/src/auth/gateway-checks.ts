/**
 * What the gateway asks the auth service before it lets a request through (nginx `auth_request`): 204 or 401, from keys
 * and revocations in memory. Never routed from outside. The services verify again: this is the first of two layers.
 */

/** `Authorization: Bearer …` and the kind of token in `gatewayAccessHeader`. */
export const gatewayTokenPath = '/internal/gateway/token'
/** The socket's ticket in `Sec-WebSocket-Protocol`; looked at, not used up. */
export const gatewayTicketPath = '/internal/gateway/ticket'
/** "session" or "enrolment". */
export const gatewayAccessHeader = 'x-brieftaube-access'
