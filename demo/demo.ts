// npm run demo: the main job with the real Codex CLI against a loopback OpenAI, told step by step.
// Exit code 0 when the story came out as told, 1 when it did not, 130 when it was interrupted.
import { startLoopbackOpenAI } from '../__tests__/support/loopback-openai.ts'
import { makeOwnFolder } from '../__tests__/support/own-folder.ts'
import { makeStore } from './store.ts'
import { tellStory } from './story.ts'
import { tellTo } from './telling.ts'

process.exitCode = await demonstrate(interruption())

async function demonstrate(interrupted: AbortSignal): Promise<number> {
  const print = (line: string): void => {
    process.stdout.write(`${line}\n`)
  }
  const telling = tellTo(print)
  const folder = makeOwnFolder('codex-auth-keeper-demo')
  const openai = await startLoopbackOpenAI({ enforce: true })
  try {
    await tellStory({ telling, openai, interrupted, folder: folder.path, store: await makeStore(folder.path) })
  } catch (error) {
    if (!interrupted.aborted) throw error
  } finally {
    await openai.close()
    await folder.remove()
  }
  if (interrupted.aborted) {
    print('\nInterrupted. Everything is cleaned up.')
    return 130
  }
  const failed = telling.failed()
  print(
    failed === 0
      ? `\nThe story came out as told: ${telling.claims()} of ${telling.claims()} claims hold. Nothing is left behind.`
      : `\nThe story did not come out as told: ${failed} of ${telling.claims()} claims do not hold.`,
  )
  return failed === 0 ? 0 : 1
}

/** Fires on Ctrl-C and its like, and when nobody reads the story any more; then all is ended and cleaned up first. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      controller.abort()
    })
  process.stdout.on('error', () => {
    controller.abort()
  })
  return controller.signal
}
