/** The floor: `ws` alone, which sends back what it gets. No authentication, no database, no recipients. */
import { WebSocketServer } from 'ws'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
server.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
})
server.on('listening', () => {
  const address = server.address()
  process.once('message', () => process.send?.({ port: typeof address === 'object' ? address?.port : 0 }))
})
process.on('disconnect', () => process.exit(0))
