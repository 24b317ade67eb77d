import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createMachine } from '../support/fake-runner/machine.ts'
import type { Machine } from '../support/fake-runner/machine.ts'
import { tokenMintingStep } from '../support/fake-runner/neighbours.ts'
import { writeAction } from '../support/fake-runner/write-action.ts'
import type { SmallAction } from '../support/fake-runner/write-action.ts'

let machine: Machine

beforeEach(() => {
  machine = createMachine()
})
afterEach(() => {
  machine.destroy()
})

const action = (name: string, source: SmallAction): string => writeAction(join(machine.root, 'actions', name), source)
const append = "import fs from 'node:fs'; const to = (name, text) => fs.appendFileSync(process.env[name], text + '\\n');"
const inputs = { 'auth-json': {}, 'with space': {}, slot: { default: 'default' }, 'github-token': { default: '${{ github.token }}' } }

describe('what an action is given', () => {
  test('inputs: given, default, missing; with their names', async () => {
    const uses = action('a', { inputs })
    const job = await machine.runJob({
      githubToken: 'ghs_token',
      secrets: { SEED: 'the-seed' },
      vars: { V: 'v' },
      steps: [{ id: 'a', uses, with: { 'auth-json': '${{ secrets.SEED }}', 'with space': '${{ vars.V }}-${{ secrets.NONE }}' } }],
    })
    expect(job.stage('a').env).toMatchObject({
      'INPUT_AUTH-JSON': 'the-seed',
      INPUT_WITH_SPACE: 'v-',
      INPUT_SLOT: 'default',
      'INPUT_GITHUB-TOKEN': 'ghs_token',
    })
  })

  test('inputs are evaluated anew for each stage, secrets stay as they were', async () => {
    const uses = action('a', { inputs: { value: {} }, pre: '', main: '', post: '' })
    const secrets = { S: 'frozen-one' }
    const job = await machine.runJob({
      secrets,
      steps: [
        { id: 'before', run: 'echo LATE=one >> $GITHUB_ENV; echo out=two >> $GITHUB_OUTPUT' },
        {
          id: 'a',
          uses,
          with: {
            value: '${{ env.LATE }}/${{ steps.before.outputs.out }}/${{ secrets.S }}/${{ job.status }}',
          },
        },
        { id: 'after', run: 'echo LATE=three >> $GITHUB_ENV; false' },
      ],
    })
    const value = (stage: 'pre' | 'main' | 'post'): string | undefined => job.stage('a', stage).env['INPUT_VALUE']
    expect([value('pre'), value('main'), value('post')]).toEqual([
      '//frozen-one/success',
      'one/two/frozen-one/success',
      'three/two/frozen-one/failure',
    ])
  })

  test('state passes from pre and main to post of the same step alone, and wins over env', async () => {
    const uses = action('a', {
      pre: `${append} to('GITHUB_STATE', 'from=pre'); to('GITHUB_STATE', 'base<<E\\n1\\n2\\nE')`,
      main: `${append} to('GITHUB_STATE', 'FROM=main')`,
      post: '',
    })
    const job = await machine.runJob({
      env: { STATE_FROM: 'env' },
      steps: [
        { id: 'a', uses },
        { id: 'b', uses },
      ],
    })
    expect(job.stage('a', 'main').env).toMatchObject({ STATE_from: 'pre', STATE_base: '1\n2' })
    expect(job.stage('a', 'post').env['STATE_FROM']).toBe('main')
    expect(job.stage('a').state).toEqual({ FROM: 'main' })
    const other = action('c', { main: '' })
    expect(
      (
        await machine.runJob({
          steps: [
            { id: 'a', uses },
            { id: 'c', uses: other },
          ],
        })
      ).stage('c').env,
    ).not.toHaveProperty('STATE_FROM')
  })

  test('the runtime wins over what the workflow sets, the machine does not', async () => {
    const job = await machine.runJob({
      env: { GITHUB_REPOSITORY: 'x/y', RUNNER_TEMP: '/x', HOME: '/other', GITHUB_ACTIONS: 'no' },
      steps: [{ id: 'a', run: 'true' }],
    })
    const { env } = job.stage('a')
    expect(env).toMatchObject({
      GITHUB_REPOSITORY: 'your-org/your-repo',
      RUNNER_TEMP: machine.temp,
      HOME: '/other',
      GITHUB_ACTIONS: 'true',
      CI: 'true',
    })
  })

  test('nothing of this process is inherited', async () => {
    const job = await machine.runJob({ steps: [{ id: 'a', run: 'env' }] })
    const names = job.stage('a').stdout.map((line) => line.slice(0, line.indexOf('=')))
    expect(names.filter((name) => !/^(GITHUB|RUNNER)_/.test(name)).sort()).toEqual([
      'CI',
      'HOME',
      'LANG',
      'PATH',
      'PWD',
      'SHLVL',
      'USER',
      '_',
    ])
  })

  test('runtime tokens go to actions alone, the OIDC ones to all', async () => {
    const services = {
      resultsUrl: 'http://127.0.0.1:1/',
      runtimeToken: 'runtime-token',
      cacheServiceV2: true,
      cacheMode: 'write',
      idTokenUrl: 'http://127.0.0.1:2/',
      idToken: 'id-token',
    }
    const uses = action('a', { main: '' })
    const job = await machine.runJob({
      services,
      steps: [
        { id: 'a', uses },
        { id: 'b', run: 'true' },
      ],
    })
    const ofActions = (step: string): Record<string, string> =>
      Object.fromEntries(Object.entries(job.stage(step).env).filter(([name]) => name.startsWith('ACTIONS_')))
    expect(ofActions('a')).toMatchObject({
      ACTIONS_RUNTIME_TOKEN: 'runtime-token',
      ACTIONS_CACHE_SERVICE_V2: 'True',
      ACTIONS_CACHE_MODE: 'write',
    })
    expect(ofActions('b')).toEqual({ ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:2/', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'id-token' })
  })

  test('real pipes, stdin at its end, Node 24, the workspace', async () => {
    const uses = action('a', {
      main: `import fs from 'node:fs'
      const stdout = [fs.fstatSync(1).isFIFO(), process.stdout.isTTY]
      console.log(process.version.split('.')[0], ...stdout, process.cwd(), fs.readFileSync(0).length)`,
    })
    const job = await machine.runJob({
      steps: [
        { id: 'a', uses },
        { id: 'b', run: 'cat; echo seen > /dev/stderr' },
      ],
    })
    expect(job.stage('a').stdout).toEqual([`v24 true undefined ${machine.workspace} 0`])
    expect(job.stage('b').stderr).toEqual(['seen'])
  })
})

describe('what a step tells the runner', () => {
  test('GITHUB_ENV, GITHUB_PATH and outputs reach later steps, also of a step that failed', async () => {
    const job = await machine.runJob({
      steps: [
        {
          id: 'a',
          run: [
            'echo A=1 >> $GITHUB_ENV',
            'echo /one >> $GITHUB_PATH',
            'echo /two >> $GITHUB_PATH',
            'echo o=2 >> $GITHUB_OUTPUT',
            'exit 4',
          ].join('\n'),
        },
        { id: 'b', if: 'always()', run: 'echo "$A ${{ 1 }} $O $PATH"', env: { O: '${{ steps.a.outputs.o }}' } },
      ],
    })
    expect(job.stage('b').stdout[0]).toMatch(/^1 .* 2 \/two:\/one:\//)
    expect(job.log).toContain('##[error]Process completed with exit code 4.')
  })

  test('outputs of pre are not in steps', async () => {
    const uses = action('a', { pre: `${append} to('GITHUB_OUTPUT', 'o=pre')`, main: '' })
    const job = await machine.runJob({ outputs: { o: '${{ steps.a.outputs.o }}' }, steps: [{ id: 'a', uses }] })
    expect(job.outputs).toEqual({ o: '' })
  })

  test('NODE_OPTIONS is refused, and the step goes on', async () => {
    const job = await machine.runJob({
      steps: [
        { id: 'a', run: 'echo NODE_OPTIONS=--bad >> $GITHUB_ENV' },
        { id: 'b', run: 'true' },
      ],
    })
    expect(job.annotations.map(({ message }) => message)).toEqual([
      "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
    ])
    expect(job.stage('b').env).not.toHaveProperty('NODE_OPTIONS')
    expect(job.conclusion).toBe('success')
  })

  test('a file that cannot be read fails the step', async () => {
    const job = await machine.runJob({ steps: [{ id: 'a', run: 'echo nonsense >> $GITHUB_STATE; echo A=1 >> $GITHUB_ENV' }] })
    expect(job.stage('a').conclusion).toBe('failure')
    expect(job.log).toContain("Unable to process file command 'state' successfully.")
  })

  test('the files are fresh for every stage', async () => {
    const uses = action('a', { pre: '', main: '', post: '' })
    const files = (await machine.runJob({ steps: [{ id: 'a', uses }] })).stages.map(({ env }) => env['GITHUB_STATE'])
    expect(new Set(files).size).toBe(3)
  })

  test('the summary is masked by line, and dropped when it is too large', async () => {
    const run = 'echo "it is the-secret" >> $GITHUB_STEP_SUMMARY'
    const big = 'head -c 1048577 /dev/zero | tr "\\0" a >> $GITHUB_STEP_SUMMARY'
    const job = await machine.runJob({
      secrets: { S: 'the-secret' },
      steps: [
        { id: 'a', run },
        { id: 'b', run: big },
      ],
    })
    expect(job.stage('a').summary).toBe('it is ***\n')
    expect(job.stage('b').summary).toBe('')
    expect(job.log).toContain('$GITHUB_STEP_SUMMARY upload aborted')
  })

  test('a job output with a mask in it is dropped', async () => {
    const job = await machine.runJob({
      secrets: { S: 'the-secret' },
      outputs: { a: '${{ steps.a.outputs.a }}', b: '${{ steps.a.outputs.b }}' },
      steps: [{ id: 'a', run: 'echo a=fine >> $GITHUB_OUTPUT; echo b=the-secret >> $GITHUB_OUTPUT' }],
    })
    expect(job.outputs).toEqual({ a: 'fine' })
    expect(job.log).toContain("Skip output 'b' since it may contain secret.")
  })
})

describe('the log', () => {
  test('shows with and env of main, masked, and of post only its name', async () => {
    const uses = action('a', { inputs: { given: {}, empty: {} }, main: '', post: '' })
    const job = await machine.runJob({
      secrets: { S: 'the-secret' },
      env: { E: 'e ${{ secrets.S }}' },
      steps: [{ id: 'a', uses, with: { given: '${{ secrets.S }}' } }],
    })
    expect(job.stage('a').log).toEqual(['##[group]Run your-org/action@v1', 'with:', '  given: ***', 'env:', '  E: e ***', '##[endgroup]'])
    expect(job.stage('a', 'post').log).toEqual(['Post job cleanup.'])
  })

  test('step debug shows state, outputs and env, masked', async () => {
    const run = 'echo ::add-mask::hidden; for f in $GITHUB_ENV $GITHUB_OUTPUT $GITHUB_STATE; do echo a=hidden >> $f; done'
    const job = await machine.runJob({ stepDebug: true, steps: [{ id: 'a', run }] })
    expect(job.stage('a').log.slice(-3)).toEqual([
      "##[debug]a='***'",
      '##[debug]Set output a = ***',
      '##[debug]Save intra-action state a = ***',
    ])
    expect(job.stage('a').env['RUNNER_DEBUG']).toBe('1')
  })

  test('a neighbour that mints a token and revokes it in its post', async () => {
    const job = await machine.runJob({ steps: [tokenMintingStep(join(machine.root, 'actions'), 'http://127.0.0.1:9/')] })
    expect(job.masks.at(-1)).toMatch(/^ghs_/)
    expect(job.stage('token', 'post').env['STATE_token']).toBe(job.masks.at(-1))
  })
})
