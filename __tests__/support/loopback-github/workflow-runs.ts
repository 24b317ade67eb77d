import { invalid, noContent, notFound, ok, type Answer } from './answers.ts'

/** The workflows that the default branch has, and their runs. */
export interface WorkflowRuns {
  /** The default branch has a workflow from now on; each run of it ends so, a while after it was started. */
  readonly merge: (file: string, conclusion: 'success' | 'failure') => void
  readonly answer: {
    list(file: string): Answer
    dispatch(file: string, body: unknown): Answer
  }
}

interface Run {
  readonly id: number
  readonly conclusion: string
  /** How often it was looked at: it is queued, then under way, then over. */
  looks: number
}

export function openRuns(fullName: string, defaultBranch: string): WorkflowRuns {
  const workflows = new Map<string, { conclusion: string; readonly runs: Run[] }>()
  let next = 4_000
  const shown = (run: Run): object => {
    run.looks += 1
    const status = ['queued', 'in_progress'][run.looks - 1] ?? 'completed'
    return {
      id: run.id,
      html_url: `https://github.com/${fullName}/actions/runs/${run.id}`,
      status,
      conclusion: status === 'completed' ? run.conclusion : null,
    }
  }
  return {
    merge: (file, conclusion) => {
      workflows.set(file, { conclusion, runs: workflows.get(file)?.runs ?? [] })
    },
    answer: {
      list: (file) => {
        const runs = workflows.get(file)?.runs
        const [latest] = runs ?? []
        return runs === undefined ? notFound : ok({ total_count: runs.length, workflow_runs: latest === undefined ? [] : [shown(latest)] })
      },
      dispatch: (file, body) => {
        const workflow = workflows.get(file)
        if (workflow === undefined) return notFound
        if ((body as { ref?: unknown } | undefined)?.ref !== defaultBranch) return invalid('No ref found')
        workflow.runs.unshift({ id: next++, conclusion: workflow.conclusion, looks: 0 })
        return noContent
      },
    },
  }
}
