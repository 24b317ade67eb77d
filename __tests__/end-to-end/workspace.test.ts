import { afterEach, describe, expect, test } from '@jest/globals'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { CallStep } from '../support/fake-runner/job-spec.ts'
import { authFileOf, keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { endRotatingWorlds, errorsOf, rotates, rotatingWorld, type RotatingWorld } from '../support/rotating-jobs.ts'

afterEach(endRotatingWorlds)

/** A step in which the model puts a program where it may write; `taken` is what that program gets. */
function modelWrites({ store }: RotatingWorld, file: string): { step: CallStep; taken: () => string | undefined } {
  const mark = join(store.directory, 'taken')
  return {
    step: {
      id: 'model',
      call: () => {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, `#!/bin/sh\n/bin/cat > '${mark}'\nexit 1\n`)
        chmodSync(file, 0o755)
      },
    },
    taken: () => (existsSync(mark) ? readFileSync(mark, 'utf8') : undefined),
  }
}

describe('the command store runs nothing that the model may write', () => {
  test.each(['node_modules/.bin', '.'])('not from %s, which the job has in its PATH', async (folder) => {
    const world = rotatingWorld()
    const { machine, store, next, inputs, secrets } = world
    const { step, taken } = modelWrites(world, join(machine.workspace, folder, 'cat'))
    const path = `${folder === '.' ? folder : join(machine.workspace, folder)}:${machine.env['PATH'] ?? ''}`
    const job = await runWorkflow(machine, [keeperStep(inputs), rotates(machine, next), step], { secrets, env: { PATH: path } })
    expect(taken()).toBeUndefined()
    expect([job.conclusion, store.text()]).toEqual(['success', next.text])
  })

  test('a script of the workspace is refused before anything is restored', async () => {
    const world = rotatingWorld()
    const { machine, store, next, inputs, secrets } = world
    const script = join(machine.workspace, 'scripts', 'store.sh')
    mkdirSync(dirname(script))
    writeFileSync(script, `#!/bin/sh\ncat > '${store.file}'\n`, { mode: 0o755 })
    const { step, taken } = modelWrites(world, script)
    const steps = [keeperStep({ ...inputs, 'write-command': 'scripts/store.sh' }), rotates(machine, next), step]
    const job = await runWorkflow(machine, steps, { secrets })
    expect([taken(), store.text(), job.ran('rotates')]).toEqual([undefined, undefined, false])
    expect(errorsOf(job, 'main')).toMatch(/must name nothing in the workspace \(scripts\/store\.sh\).*Copy it to "\$RUNNER_TEMP"/)
  })

  test('the working directory is an empty one, and gone afterwards', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    writeFileSync(join(machine.workspace, 'own'), '')
    const looks = `{ pwd; ls -A; } >> '${store.directory}/seen'; touch left`
    const job = await runWorkflow(
      machine,
      [
        keeperStep({
          ...inputs,
          'read-command': `${looks}; ${inputs['read-command'] ?? ''}`,
        }),
        rotates(machine, next),
      ],
      { secrets },
    )
    expect([job.conclusion, store.text()]).toEqual(['success', next.text])
    const [first = '', ...more] = readFileSync(join(store.directory, 'seen'), 'utf8').trimEnd().split('\n')
    expect(first).toMatch(new RegExp(`^${machine.temp}/codex-auth-command-\\w+$`))
    expect(more.join('\n')).not.toContain('own')
    expect(job.tempFiles.filter(({ name }) => name.startsWith('codex-auth-command'))).toEqual([])
  })
})

test('an auth.json that is a link into the workspace is refused, and nothing is written there', async () => {
  const { machine, store, inputs, secrets } = rotatingWorld()
  mkdirSync(dirname(authFileOf(machine)), { recursive: true })
  const published = join(machine.workspace, 'auth.json')
  writeFileSync(published, '{"OPENAI_API_KEY":null}')
  symlinkSync(published, authFileOf(machine))
  const job = await runWorkflow(machine, [keeperStep(inputs)], { secrets })
  expect(job.conclusion).toBe('failure')
  expect(errorsOf(job, 'main')).toMatch(/auth\.json links to is inside the workspace[\s\S]*Way out: Remove that link/)
  expect([readFileSync(published, 'utf8'), store.text()]).toEqual(['{"OPENAI_API_KEY":null}', undefined])
})
