import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { begin, newCount, type Meter } from './meter.ts'

/** A line to a port of this machine that takes its time in both directions. */
export interface SlowLine {
  readonly port: number
  /** Of its connections. */
  readonly meter: Meter
  close(): Promise<void>
}

/** @param roundTripMs milliseconds from a byte sent to its answer, besides the server's own time */
export async function slowLine(to: number, roundTripMs: number): Promise<SlowLine> {
  const sockets = new Set<Socket>()
  const meter = newCount()
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    near.on('close', begin(meter))
    for (const socket of [near, far]) {
      sockets.add(socket.setNoDelay())
      socket.on('close', () => sockets.delete(socket))
    }
    const oneWay = (from: Socket, into: Socket): void => {
      pipeline(from, late(roundTripMs / 2), into).catch(() => {
        into.destroy()
      })
    }
    oneWay(near, far)
    oneWay(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    meter,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Hands each piece on that many milliseconds after it came; pieces are on their way at the same time. */
function late(milliseconds: number): Transform {
  let last = Promise.resolve()
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      last = new Promise((resolve) => {
        setTimeout(() => {
          this.push(chunk)
          resolve()
        }, milliseconds)
      })
      done()
    },
    flush(done) {
      void last.then(() => {
        done()
      })
    },
  })
}
