const id = '\0without-undici'

/**
 * A plugin for Rolldown that leaves undici out. @actions/http-client loads all of it for getAgentDispatcher alone, which makes an agent
 * for a fetch of others; nobody here calls it.
 */
export function withoutUndici() {
  return {
    name: 'without-undici',
    resolveId: (source) => (source === 'undici' ? id : null),
    load: (asked) =>
      asked === id ? "export class ProxyAgent { constructor() { throw new Error('undici is not in this bundle') } }" : null,
  }
}
