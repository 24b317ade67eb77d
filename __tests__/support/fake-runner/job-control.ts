import { existsSync } from 'node:fs'
import type { Interrupt, JobSpec, Moment, Stage } from './job-spec.ts'

/** Cancel, shutdown and kill of one job, and the moments at which they are due. */
export interface JobControl {
  /** Fires on cancel and on shutdown. */
  readonly cancelled: AbortSignal
  readonly shutdown: boolean
  readonly killed: boolean
  watch(step: string, stage: Stage): StageWatch
  close(): void
}

export interface StageWatch {
  started(): void
  line(text: string): void
  ended(): void
}

const budgetMs = 285_000

/** `killEverything` is called once, when the job's processes are to die at once. */
export function createJobControl(spec: JobSpec, killEverything: () => void): JobControl {
  const cancel = new AbortController()
  const due = new Set(spec.interrupts ?? [])
  let shutdown = false
  let killed = false
  let closed = false
  let budget: NodeJS.Timeout | undefined

  const kill = (): void => {
    if (killed || closed) return
    killed = true
    killEverything()
  }
  const fire = (interrupt: Interrupt): void => {
    if (closed || !due.delete(interrupt)) return
    if (interrupt.kind === 'kill') {
      kill()
      return
    }
    shutdown ||= interrupt.kind === 'shutdown'
    budget ??= setTimeout(kill, budgetMs * (spec.timeScale ?? 1))
    cancel.abort()
  }
  for (const interrupt of due) {
    if ('after' in interrupt.when)
      void interrupt.when.after.then(
        () => {
          fire(interrupt)
        },
        () => {
          fire(interrupt)
        },
      )
  }

  return {
    cancelled: cancel.signal,
    get shutdown() {
      return shutdown
    },
    get killed() {
      return killed
    },
    close: () => {
      closed = true
      clearTimeout(budget)
    },
    watch: (step, stage) => {
      const mine = (): Interrupt[] => [...due].filter(({ when }) => isHere(when, step, stage))
      const fireIf = (test: (when: Moment) => boolean): void => {
        for (const interrupt of mine()) if (test(interrupt.when)) fire(interrupt)
      }
      let poll: NodeJS.Timeout | undefined
      return {
        started: () => {
          fireIf((when) => 'at' in when && when.at === 'start')
          if (!mine().some(({ when }) => 'file' in when)) return
          poll = setInterval(() => {
            fireIf((when) => 'file' in when && existsSync(when.file))
          }, 5)
        },
        line: (text) => {
          fireIf((when) => 'line' in when && when.line.test(text))
        },
        ended: () => {
          clearInterval(poll)
          fireIf((when) => 'at' in when && when.at === 'end')
        },
      }
    },
  }
}

function isHere(when: Moment, step: string, stage: Stage): boolean {
  return 'step' in when && when.step === step && (when.stage ?? 'main') === stage
}
