/** What the server sends back. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** An error as the API phrases it (`Status` of meta/v1). */
export function status(code: number, reason: string, message: string, details?: object): Answer {
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code } }
}

export const unauthorized = status(401, 'Unauthorized', 'Unauthorized')

export function forbidden(user: string, verb: string, namespace: string, name: string | undefined): Answer {
  const what = name === undefined ? 'secrets' : `secrets "${name}"`
  const message = `${what} is forbidden: User "${user}" cannot ${verb} resource "secrets" in API group "" in the namespace "${namespace}"`
  return status(403, 'Forbidden', message, { ...(name !== undefined && { name }), kind: 'secrets' })
}

export function notFound(kind: 'secrets' | 'namespaces', name: string): Answer {
  return status(404, 'NotFound', `${kind} "${name}" not found`, { name, kind })
}

export function alreadyExists(name: string): Answer {
  return status(409, 'AlreadyExists', `secrets "${name}" already exists`, { name, kind: 'secrets' })
}

export function conflict(name: string, why: string): Answer {
  return status(409, 'Conflict', `Operation cannot be fulfilled on secrets "${name}": ${why}`, { name, kind: 'secrets' })
}

export function invalid(name: string, why: string): Answer {
  return status(422, 'Invalid', `Secret "${name}" is invalid: ${why}`, { name, kind: 'Secret' })
}

export function badRequest(message: string): Answer {
  return status(400, 'BadRequest', message)
}
