/** A wire between the portal and a server that a test can cut. */
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { atEnd } from './portal.js'

export class Wire {
  #sockets = new Set()
  #server
  #target

  /** A wire to `target`, with `host` and `port`, that is gone with the test. */
  static async to(test, target) {
    const wire = new Wire()
    wire.#target = target
    await wire.join()
    atEnd(test, () => wire.cut())
    return wire
  }

  /** Joins the ends, at the same port as before. */
  async join() {
    this.#server = createServer((near) => {
      const far = connect(this.#target)
      for (const socket of [near, far]) {
        this.#sockets.add(socket)
        socket.on('error', () => {})
        socket.on('close', () => {
          this.#sockets.delete(socket)
          near.destroy()
          far.destroy()
        })
      }
      near.pipe(far).pipe(near)
    })
    this.#server.listen(this.port ?? 0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = this.#server.address().port
  }

  /** Nothing goes through any more, and nobody gets a connection. */
  async cut() {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}
