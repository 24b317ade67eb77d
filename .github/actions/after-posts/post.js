import { spawnSync } from 'node:child_process'

const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', process.env.INPUT_COMMAND], { stdio: 'inherit' })
process.exitCode = status ?? 1
