/** No answer came: the network, the server or the time was missing. Whether the request arrived is not known. */
export class OfflineError extends Error {
  override readonly name = 'OfflineError'
  readonly code = 'offline'
}
