/**
 * Whether a host is this machine itself.
 * @param hostname as the `hostname` of a URL: in lower case, an IPv6 address in brackets
 */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
