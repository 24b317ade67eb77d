import { created, invalid, notFound, ok, type Answer } from './answers.ts'

export interface Issue {
  readonly number: number
  readonly title: string
  readonly body: string
  readonly labels: readonly string[]
  readonly state: 'open' | 'closed'
  /** Login of who opened it. */
  readonly creator: string
  readonly createdAt: string
  readonly comments: readonly { readonly creator: string; readonly body: string }[]
}

/** The issues of one repository. */
export interface IssueTracker {
  all(): readonly Issue[]
  answer: {
    list(query: URLSearchParams): Answer
    get(number: number): Answer
    create(body: unknown, login: string): Answer
    update(number: number, body: unknown): Answer
    comments(number: number): Answer
    comment(number: number, body: unknown, login: string): Answer
  }
}

interface Fields {
  readonly title?: unknown
  readonly body?: unknown
  readonly labels?: readonly (string | { name: string })[]
  readonly state?: unknown
}

export function openIssues(now: () => number): IssueTracker {
  const issues: Issue[] = []
  const named = (labels: Fields['labels'] = []): string[] => labels.map((label) => (typeof label === 'string' ? label : label.name))
  const found = (number: number, answer: (issue: Issue) => Answer): Answer => {
    const issue = issues[number - 1]
    return issue === undefined ? notFound : answer(issue)
  }
  const replace = (issue: Issue): Issue => (issues[issue.number - 1] = issue)

  return {
    all: () => issues,
    answer: {
      list: (query) => {
        const state = query.get('state') ?? 'open'
        const labels = (query.get('labels') ?? '').split(',').filter((label) => label !== '')
        const creator = query.get('creator')
        const size = Number(query.get('per_page') ?? 30)
        const matching = issues.filter(
          (issue) =>
            (state === 'all' || issue.state === state) &&
            labels.every((label) => issue.labels.includes(label)) &&
            (creator === null || issue.creator === creator),
        )
        const from = (Number(query.get('page') ?? 1) - 1) * size
        // The newest comes first, as on GitHub.
        return ok(
          matching
            .toReversed()
            .slice(from, from + size)
            .map(shown),
        )
      },
      get: (number) => found(number, (issue) => ok(shown(issue))),
      create: (body, login) => {
        const { title, body: text = '', labels } = (body ?? {}) as Fields
        if (typeof title !== 'string' || typeof text !== 'string') return invalid('"title" wasn\'t supplied.')
        return created(
          shown(
            replace({
              number: issues.length + 1,
              title,
              body: text,
              labels: named(labels),
              state: 'open',
              creator: login,
              createdAt: new Date(now()).toISOString(),
              comments: [],
            }),
          ),
        )
      },
      update: (number, body) =>
        found(number, (issue) => {
          const { title = issue.title, body: text = issue.body, labels, state = issue.state } = (body ?? {}) as Fields
          if (typeof title !== 'string' || typeof text !== 'string' || (state !== 'open' && state !== 'closed'))
            return invalid('"state" is wrong.')
          return ok(shown(replace({ ...issue, title, body: text, state, labels: labels === undefined ? issue.labels : named(labels) })))
        }),
      comments: (number) =>
        found(number, ({ comments }) =>
          ok(comments.map(({ body, creator }, index) => ({ id: index + 1, body, user: { login: creator } }))),
        ),
      comment: (number, body, login) =>
        found(number, (issue) => {
          const { body: text } = (body ?? {}) as Fields
          if (typeof text !== 'string') return invalid('"body" wasn\'t supplied.')
          replace({ ...issue, comments: [...issue.comments, { creator: login, body: text }] })
          return created({ id: issue.comments.length + 1, body: text, user: { login } })
        }),
    },
  }
}

function shown({ number, title, body, labels, state, creator, createdAt, comments }: Issue): object {
  return {
    id: 100_000 + number,
    number,
    title,
    body,
    state,
    user: { login: creator },
    created_at: createdAt,
    comments: comments.length,
    labels: labels.map((name) => ({ name })),
  }
}
