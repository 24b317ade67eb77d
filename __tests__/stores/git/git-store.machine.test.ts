import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gitPlace, second, type GitPlace } from '../../support/git-place.ts'
import { startGitWriter } from '../../support/git-writers.ts'

let place: GitPlace
beforeEach(async () => {
  place = await gitPlace()
})
afterEach(() => place.close())

describe('the machine it runs on', () => {
  test('lends it no configuration, helper or hook, and gets its workspace back unchanged', async () => {
    const trap = join(place.directory, 'trap')
    const spring = `sh -c 'touch "${trap}"; exit 1'`
    const home = join(place.directory, 'home')
    const workspace = join(home, 'workspace')
    await mkdir(workspace, { recursive: true })
    const hostile = [
      `[credential]\n\thelper = "!${spring.replaceAll('"', '\\"')}"`,
      `[core]\n\tsshCommand = "${spring.replaceAll('"', '\\"')}"\n\taskPass = ${trap}.sh`,
      `\thooksPath = ${home}/hooks`,
      `[url "file://${trap}/"]\n\tinsteadOf = ${place.server.origin}/`,
      '[http]\n\tproxy = http://127.0.0.1:9',
      '',
    ].join('\n')
    await writeFile(join(home, '.gitconfig'), hostile)
    await mkdir(join(home, 'hooks'))
    for (const name of ['pre-push', 'reference-transaction', 'post-checkout'])
      await writeFile(join(home, 'hooks', name), `#!/bin/sh\n${spring}\n`, { mode: 0o755 })
    execFileSync('git', ['init', '--quiet', workspace])
    await writeFile(join(workspace, '.git', 'config'), hostile)
    const before = execFileSync('find', [home, '-type', 'f', '-exec', 'sha256sum', '{}', '+']).toString()

    const env = {
      HOME: home,
      WRITER_TOKEN: place.server.token,
      GIT_DIR: join(workspace, '.git'),
      GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'credential.helper',
      GIT_CONFIG_VALUE_0: `!${spring}`,
      GIT_ASKPASS: `${trap}.sh`,
      GIT_EXEC_PATH: home,
      GIT_SSH_COMMAND: spring,
      http_proxy: 'http://127.0.0.1:9',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      GIT_TRACE_CURL: join(place.directory, 'trace'),
    }
    const writer = await startGitWriter(
      { address: place.server.url, serverUrl: place.server.origin, tempDir: place.tempDir },
      env,
      workspace,
    )
    place.atEnd(() => writer.end())
    expect(await writer.order({ do: 'write', document: 'first', ifVersion: null })).toBe('written')
    expect(await writer.order({ do: 'read' })).toBe('first')
    place.server.fault({ kind: 'status', status: 401, side: 'both', headers: { 'www-authenticate': 'Basic realm="x"' } })
    expect(await writer.order({ do: 'read' })).toContain('could not read Username')
    await writer.end()
    expect(execFileSync('find', [home, '-type', 'f', '-exec', 'sha256sum', '{}', '+']).toString()).toBe(before)
    expect(await readdir(place.directory)).not.toContain('trap')
    expect(await readdir(place.directory)).not.toContain('trace')
  })

  test('gives the token to no argument list and no file, and keeps nothing after close', async () => {
    const forms = [
      place.server.token,
      Buffer.from(`x-access-token:${place.server.token}`).toString('base64'),
      Buffer.from(place.server.token).toString('base64').slice(0, -3),
    ]
    const seen = { processes: 0, files: 0, found: [] as string[] }
    const search = async (where: string, count: 'processes' | 'files'): Promise<void> => {
      const content = await readFile(where, 'latin1').catch(() => '')
      if (content !== '') seen[count] += count === 'processes' && !content.includes('git') ? 0 : 1
      if (forms.some((form) => content.includes(form))) seen.found.push(where)
    }
    place.server.during(async () => {
      for (const pid of await readdir('/proc')) if (/^\d+$/.test(pid)) await search(`/proc/${pid}/cmdline`, 'processes')
      for (const entry of await readdir(place.tempDir, { recursive: true, withFileTypes: true })) {
        if (entry.isFile()) await search(join(entry.parentPath, entry.name), 'files')
      }
    })
    const store = place.open()
    await store.proveWritable()
    await store.write(second, await place.seeded(store))
    await store.read()
    await place.open().read()
    expect(seen.processes).toBeGreaterThan(5)
    expect(seen.files).toBeGreaterThan(5)
    expect(seen.found).toEqual([])
    await place.closeStores()
    expect(await readdir(place.tempDir)).toEqual([])
  })
})
