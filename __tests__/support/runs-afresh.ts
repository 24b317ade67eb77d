import { writeSync } from 'node:fs'
import { runAfresh } from '../../src/process/fresh-process.ts'

/** A script that runs itself afresh once; the second process ends as the argument says. */
const order = process.argv[2] ?? ''
if (process.env['SECOND'] === undefined) {
  process.env['SECOND'] = '1'
  await runAfresh()
} else {
  writeSync(1, 'the second process\n')
  if (order === 'be killed') process.kill(process.pid, 'SIGKILL')
  else process.exitCode = Number(order.replace('exit ', ''))
}
