import { created, invalid, ok, problem, type Answer } from './answers.ts'

export interface PullRequest {
  readonly number: number
  readonly title: string
  readonly head: string
  readonly base: string
}

/** The open pull requests of one repository. */
export interface PullRequests {
  readonly open: () => readonly PullRequest[]
  readonly answer: {
    list(query: URLSearchParams): Answer
    create(body: unknown): Answer
  }
}

export function openPulls(fullName: string): PullRequests {
  const pulls: PullRequest[] = []
  const owner = fullName.split('/')[0] ?? ''
  const shown = ({ number, title, head, base }: PullRequest): object => ({
    number,
    title,
    state: 'open',
    html_url: `https://github.com/${fullName}/pull/${number}`,
    head: { ref: head, label: `${owner}:${head}` },
    base: { ref: base },
  })
  return {
    open: () => [...pulls],
    answer: {
      list: (query) => {
        const head = query.get('head')
        return ok(pulls.filter((pull) => head === null || head === `${owner}:${pull.head}`).map(shown))
      },
      create: (body) => {
        const { title, head, base } = (body ?? {}) as Record<string, unknown>
        if (typeof title !== 'string' || typeof head !== 'string' || typeof base !== 'string')
          return invalid('"title", "head", "base" are needed.')
        if (pulls.some((pull) => pull.head === head))
          return problem(422, `Validation Failed: A pull request already exists for ${owner}:${head}.`)
        const pull = { number: pulls.length + 1, title, head, base }
        pulls.push(pull)
        return created(shown(pull))
      },
    },
  }
}
