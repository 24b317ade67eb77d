/** What an endpoint answers; `cut` closes the connection instead. */
export type Answer = 'cut' | { readonly status: number; readonly type: string; readonly body: string; readonly location?: string }

export function json(status: number, body: object): Answer {
  return { status, type: 'application/json', body: JSON.stringify(body) }
}
