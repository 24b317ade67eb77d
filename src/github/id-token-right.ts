/** What lets a job ask for id tokens; the runner gives it to each stage anew. */
export interface IdTokenRight {
  readonly url: string
  readonly token: string
}

/** The right of this stage, by the runner's variables; undefined where the job has none. */
export function idTokenRightOf(env: Readonly<Record<string, string | undefined>>): IdTokenRight | undefined {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } = env
  return url === '' || token === '' ? undefined : { url, token }
}
