/** Spoken in the socket's handshake and at `GET /api/auth/server`; raised when an old client can no longer take part. */
export const protocolVersion = 1
