import { isLoopbackHost } from '../loopback.ts'
import { parsedUrl } from '../parsed-url.ts'

/** What stands after the `?` of a `store` line. */
export type AddressOptions<Name extends string> = Readonly<Partial<Record<Name, string>>>

/**
 * Reads `name=value&name=value` after the `?` of a `store` line; percent-encoding is undone.
 * @param names the options that this kind of store takes
 * @returns the values, and a sentence per problem that never repeats a value, which could be a misplaced secret
 */
export function parseAddressOptions<Name extends string>(
  query: string | undefined,
  names: readonly Name[],
): { options: AddressOptions<Name>; problems: string[] } {
  const problems: string[] = []
  const options: Partial<Record<Name, string>> = {}
  for (const part of query?.split('&') ?? []) {
    const [key = '', raw = ''] = part.split(/=(.*)/s)
    const name = names.find((each) => each === key)
    const value = decoded(raw)
    if (name === undefined) problems.push(`After the "?" only ${names.map((each) => `${each}=…`).join(', ')} are allowed.`)
    else if (options[name] !== undefined) problems.push(`${name}= is given twice.`)
    else if (value === undefined || value === '') problems.push(`${name}= has no value.`)
    else if (!/^[\x21-\x7e]+$/.test(value)) problems.push(`${name}= has characters that no such value needs.`)
    else options[name] = value
  }
  return { options, problems: [...new Set(problems)] }
}

/** Text with its percent-encoding undone; undefined when that is broken. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/**
 * The server of a `store` line: https, and plain http on this machine alone; no user, path or query.
 * @returns the URL, or a sentence that never repeats the text
 */
export function parseServer(text: string): URL | string {
  const url = parsedUrl(text)
  if (url === undefined || !/^https?:$/.test(url.protocol)) return 'The server must be https://host or https://host:port.'
  if (url.username !== '' || url.password !== '') return 'The address must not hold a user name, password or token.'
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname))
    return 'http:// would show the login and the token on the way; use https://.'
  if (url.search !== '' || url.hash !== '' || url.pathname !== '/') return 'The server must be https://host or https://host:port alone.'
  return url
}
