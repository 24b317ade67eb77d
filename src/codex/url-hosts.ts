import { isLoopbackHost } from '../loopback.ts'

/** Whether a URL stays on this machine. Text that is not a URL does not. */
export function isLoopback(url: string): boolean {
  const host = hostOf(url)
  return host !== undefined && isLoopbackHost(host)
}

/** Whether a URL is one of OpenAI's own, over https. */
export function isOpenAI(url: string): boolean {
  const host = hostOf(url) ?? ''
  return url.startsWith('https://') && ['chatgpt.com', 'openai.com'].some((name) => host === name || host.endsWith(`.${name}`))
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined
}
