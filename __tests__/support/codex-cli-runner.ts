// A process of the keeper for tests that end it: calls the Codex CLI as its arguments say, in its own environment.
import { codexCli } from '../../src/codex/codex-cli.ts'

const [operation, program = '', cwd = ''] = process.argv.slice(2)
const codex = codexCli({ program, cwd, env: Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? ''])) })
const onStart = (pid: number): void => {
  console.log(pid)
}
await (operation === 'refresh'
  ? codex.refresh({ refreshesFrom: Infinity, hasChanged: () => Promise.resolve(false), onStart })
  : codex.smokeTest(onStart))
