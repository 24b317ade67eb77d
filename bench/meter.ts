import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

/** What a server of this process has been asked so far. */
export interface Meter {
  readonly requests: number
  /** The longest chain of requests of which each began after the one before it had ended: so often somebody waited. */
  readonly roundTrips: number
}

interface Count extends Meter {
  requests: number
  roundTrips: number
}

const byPort = new Map<number, Count>()

/** Starts to count the HTTP requests that a server of this process gets on that port. */
export function meterOf(port: number): Meter {
  const count = newCount()
  byPort.set(port, count)
  return count
}

export function newCount(): Count {
  return { requests: 0, roundTrips: 0 }
}

/** A request begins. @returns to be called at its end */
export function begin(count: Count): () => void {
  count.requests += 1
  const place = count.roundTrips + 1
  return () => {
    count.roundTrips = Math.max(count.roundTrips, place)
  }
}

const ends = new WeakMap<IncomingMessage, () => void>()

/** Node tells each of its HTTP servers' requests here: https://nodejs.org/api/diagnostics_channel.html#http */
subscribe('http.server.request.start', (message) => {
  const { request } = message as { request: IncomingMessage }
  const count = byPort.get(request.socket.localPort ?? 0)
  if (count) ends.set(request, begin(count))
})
subscribe('http.server.response.finish', (message) => {
  ends.get((message as { request: IncomingMessage }).request)?.()
})
