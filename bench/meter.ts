import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

/** What a server of this process has been asked so far. */
export interface Meter {
  readonly requests: number
  /** Requests that are on their way at the same time count once: whoever made them waited once. */
  readonly roundTrips: number
}

interface Count extends Meter {
  requests: number
  roundTrips: number
  open: number
}

const byPort = new Map<number, Count>()

/** Starts to count the HTTP requests that a server of this process gets on that port. */
export function meterOf(port: number): Meter {
  const count = newCount()
  byPort.set(port, count)
  return count
}

export function newCount(): Count {
  return { requests: 0, roundTrips: 0, open: 0 }
}

export function begin(count: Count): void {
  count.requests += 1
  if (count.open === 0) count.roundTrips += 1
  count.open += 1
}

export function end(count: Count): void {
  count.open -= 1
}

/** Node tells each of its HTTP servers' requests here: https://nodejs.org/api/diagnostics_channel.html#http */
function follow(channel: string, then: (count: Count) => void): void {
  subscribe(channel, (message) => {
    const count = byPort.get((message as { request: IncomingMessage }).request.socket.localPort ?? 0)
    if (count) then(count)
  })
}

follow('http.server.request.start', begin)
follow('http.server.response.finish', end)
