import type { RequestOptions } from 'node:http'
import type { RequestHandler } from '@actions/http-client/lib/interfaces'

/**
 * Ends each request of the toolkit's HTTP client with the signal, however far it is, so that none keeps this process alive.
 * The client's own time limit ends with the headers, and does not begin before there is a connection.
 */
export function endedBy(signal: AbortSignal): RequestHandler {
  return {
    prepareRequest: (options: RequestOptions) => {
      options.signal = signal
      // The agent for a proxy takes the options of its own request, CONNECT, from here.
      const agent = options.agent as { proxyOptions?: RequestOptions } | undefined
      if (agent?.proxyOptions !== undefined) agent.proxyOptions.signal = signal
    },
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error('The server asks for another login.')),
  }
}
