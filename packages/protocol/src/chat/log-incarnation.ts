/**
 * Which life of the log a server shows. A server that was restored from a backup shows another one than before: entries
 * that clients have may be missing, and others may come to stand under their numbers. A client names the life that its
 * cursors belong to, in the handshake and in this header of every request but `sync`; where the server has another one it
 * answers `log-restored`, before anything is read or written.
 */
export const logHeader = 'x-brieftaube-log'
