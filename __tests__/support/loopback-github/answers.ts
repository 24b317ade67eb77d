/** What the server sends back; `body` undefined sends none. */
export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export function ok(body: unknown): Answer {
  return { status: 200, body }
}

export function created(body: unknown): Answer {
  return { status: 201, body }
}

export const noContent: Answer = { status: 204 }

/** An error as GitHub phrases it. */
export function problem(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return { status, body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) }, headers }
}

export const notFound = problem(404, 'Not Found')

export function invalid(message: string): Answer {
  return problem(422, `Invalid request.\n\n${message}`)
}
