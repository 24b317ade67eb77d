import { describe, expect, test } from '@jest/globals'
import type { CliContext } from '../../../src/cli/context.ts'
import { chosenStore, type RunnerKind } from '../../../src/cli/setup/store-choice.ts'
import type { Questions } from '../../../src/cli/terminal/questions.ts'

interface Person {
  readonly context: CliContext
  /** The questions, each with the answers that were offered and the default. */
  readonly asked: { question: string; values?: readonly string[]; byDefault?: string | undefined }[]
  /** What was wrong with what the person typed. */
  readonly problems: string[]
}

/** A person who gives these answers in turn; '' takes the default. */
function person(...answers: string[]): Person {
  const asked: Person['asked'] = []
  const problems: string[] = []
  const questions = {
    canAsk: true,
    confirm: () => Promise.reject(new Error('Nobody asks that.')),
    choose: (question, choices, { byDefault }) => {
      asked.push({ question, values: choices.map(({ value }) => value), byDefault })
      const answer = answers.shift() ?? ''
      const value = choices.find((choice) => choice.value === (answer === '' ? byDefault : answer))?.value
      return value === undefined ? Promise.reject(new Error(`"${answer}" is not offered.`)) : Promise.resolve(value)
    },
    text: (question, { problem }) => {
      asked.push({ question })
      for (let answer = answers.shift(); answer !== undefined; answer = answers.shift()) {
        const wrong = problem?.(answer)
        if (wrong === undefined) return Promise.resolve(answer)
        problems.push(wrong)
      }
      return Promise.reject(new Error('The person has given up.'))
    },
  } satisfies Questions
  return { context: { questions } as unknown as CliContext, asked, problems }
}

const choice = (given: { runner?: RunnerKind; store?: string }, { context }: Person): ReturnType<typeof chosenStore> =>
  chosenStore({ runner: given.runner, store: given.store }, true, context)

describe('what nobody has said is asked', () => {
  test('the kind of runner and the store, each with a default', async () => {
    const one = person('', '')
    expect(await choice({}, one)).toEqual({ kind: 'git', runner: 'github-hosted', line: undefined })
    expect(one.asked).toEqual([
      { question: 'Where do the jobs run?', values: ['github-hosted', 'self-hosted'], byDefault: 'github-hosted' },
      { question: 'Where does the login rest?', values: ['git', 'ssh', 'github-secret', 'cache', 'vault', 's3'], byDefault: 'git' },
    ])
    const other = person('self-hosted', '')
    expect(await choice({}, other)).toEqual({ kind: 'runner', runner: 'self-hosted', line: undefined })
    expect(other.asked[1]).toMatchObject({ values: ['runner', 'kubernetes'], byDefault: 'runner' })
  })

  test.each([
    ['kubernetes', 'kubernetes: Codex', 'the form is kubernetes: namespace/secret-name'],
    ['ssh', 'ssh: logins.example.com', 'must look like user@host'],
    ['s3', 's3: your-bucket', 'must look like bucket/key'],
    ['vault', 'vault: http://vault.example.com/secret/codex?role=ci', ''],
  ])('the address of the store %s, until it is one ("%s" is none)', async (kind, wrong, said) => {
    const right = {
      kubernetes: 'kubernetes: ci/codex',
      ssh: 'ssh: ci@build-1:22/auth.json',
      s3: 's3: b-1/a?region=eu-west-1',
      vault: 'vault: https://v.example.com/kv/c?role=ci',
    }
    const line = right[kind as keyof typeof right]
    const runner = kind === 'kubernetes' ? 'self-hosted' : 'github-hosted'
    for (const answer of [` ${line} `, line.replace(`${kind}: `, '')]) {
      expect(await choice({}, person(runner, kind, answer))).toEqual({ kind, runner, line })
    }
    const one = person(runner, kind, wrong, line)
    expect(await choice({}, one)).toEqual({ kind, runner, line })
    expect(one.problems).toEqual([expect.stringContaining(said)])
  })

  test('nothing that the flags say', async () => {
    const one = person()
    expect(await choice({ store: 'ssh: ci@build-1:22/auth.json' }, one)).toMatchObject({ kind: 'ssh', runner: 'github-hosted' })
    expect(await choice({ store: 'runner' }, one)).toEqual({ kind: 'runner', runner: 'self-hosted', line: undefined })
    expect(one.asked).toEqual([])
    expect(await choice({ runner: 'self-hosted' }, person('kubernetes', 'kubernetes: ci/codex'))).toMatchObject({
      line: 'kubernetes: ci/codex',
    })
  })
})
