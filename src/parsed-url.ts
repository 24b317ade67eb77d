/** The URL in a text; undefined where it is none. (`URL.parse` is not in Node 20, on which the command line runs.) */
export function parsedUrl(text: string, base?: string): URL | undefined {
  return URL.canParse(text, base) ? new URL(text, base) : undefined
}
