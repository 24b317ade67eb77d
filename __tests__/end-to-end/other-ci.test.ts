import { expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { installedCli, leaksOf, type CliRun } from '../support/cli.ts'
import { inRunWorld, type RunWorld } from '../support/run-world.ts'

const example = (name: string): string => readFileSync(new URL(`../../examples/other-ci/${name}`, import.meta.url), 'utf8')

/** Runs a script as the CI would, with the package and Codex in PATH and an npm that has installed them already. */
function runScript({ env, root, workspace }: RunWorld, script: string, variables: Readonly<Record<string, string>>): Promise<CliRun> {
  const bin = join(root, 'bin')
  symlinkSync(installedCli().program, join(bin, 'codex-auth-keeper'))
  writeFileSync(join(bin, 'npm'), '#!/bin/sh\nexit 0\n', { mode: 0o755 })
  const child = spawn('bash', ['-e', '-c', script], { cwd: workspace, env: { ...env, ...variables }, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal, ...output })
    })
  })
}

async function worksOnce(world: RunWorld, script: string, variables: Readonly<Record<string, string>>): Promise<CliRun> {
  const { openai, store, newest, outcomes } = world
  const seed = openai.login({ expiresIn: -60 })
  const seedText = Buffer.from(seed.text).toString('base64')
  const run = await runScript(world, script, { ...variables, CODEX_AUTH_SEED: seedText })
  expect({ code: run.code, stderr: run.stderr }).toMatchObject({ code: 0 })
  expect(outcomes()).toEqual([['rotated'], []])
  expect(await store.stored()).toContain(newest())
  const { id_token: id, access_token: access, refresh_token: refresh } = seed.tokens
  expect(leaksOf(run, [id, access, refresh, newest(), ...store.secrets])).toEqual([])
  return run
}

test('the job for GitLab CI refreshes the login and does its work', async () => {
  await inRunWorld('git', async (world) => {
    const { codex } = parse(example('gitlab-ci.yml')) as {
      codex: { before_script: string[]; script: string[]; variables: Record<string, string> }
    }
    expect(Object.keys(codex.variables)).toEqual(['CODEX_AUTH_STORE'])
    const script = [...codex.before_script, ...codex.script].join('\n')
    await worksOnce(world, script, { CODEX_AUTH_STORE: world.store.line, CI_PROJECT_DIR: world.workspace })
    expect(readFileSync(join(world.workspace, 'review.md'), 'utf8')).toContain('OK')
    expect(world.authJson()).toBeUndefined()
  })
})

test('the scripts of the Jenkinsfile refresh the login and do their work', async () => {
  await inRunWorld('git', async (world) => {
    const text = example('Jenkinsfile')
    const scripts = [...text.matchAll(/\bsh (?:'''([^]*?)'''|'([^']*)')/g)].map(([, long, short]) => long ?? short ?? '')
    expect(scripts).toHaveLength(2)
    // In three single quotes, Groovy makes one backslash of none: a backslash before the end of a line joins it to the next.
    const script = scripts.join('\n').replaceAll(/\\\n\s*/g, '')
    await worksOnce(world, script, { CODEX_AUTH_STORE: world.store.line, CODEX_HOME: world.codexHome, WORKSPACE: world.workspace })
    expect(readFileSync(join(world.workspace, 'review.md'), 'utf8')).toContain('OK')
    expect(world.authJson()).toBeUndefined()
  })
})

test('the service for systemd refreshes the login and does its work', async () => {
  await inRunWorld('runner', async (world) => {
    const { codexHome, home, root, store } = world
    const state = join(root, 'disk')
    const text = example('systemd/codex-task.service').replaceAll('/var/lib/codex-task', state)
    const [, command = ''] = /^ExecStart=(.*)$/m.exec(text) ?? []
    const [, ownHome = ''] = /^Environment=CODEX_HOME=(.*)$/m.exec(text) ?? []
    mkdirSync(ownHome, { recursive: true })
    writeFileSync(join(ownHome, 'config.toml'), readFileSync(join(codexHome, 'config.toml')))
    const run = await worksOnce(world, command.replace('/usr/local/bin/', ''), { CODEX_HOME: ownHome, HOME: home })
    expect(run.stdout).toContain('OK')
    expect(store.line).toBe(`runner: ${state}`)
    // This machine is the store, so the file stays as well.
    expect(existsSync(join(ownHome, 'auth.json'))).toBe(true)
  })
})
