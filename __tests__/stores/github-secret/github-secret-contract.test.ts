import { text } from '../../support/documents.ts'
import { secretJobs } from '../../support/github-secret-jobs.ts'
import { describeStore } from '../store-contract.ts'

for (const [title, address] of [
  ['environment', 'CODEX_AUTH?environment=prod'],
  ['repository', 'CODEX_AUTH'],
] as const) {
  describeStore(`github-secret of the ${title}`, {
    guarantee: 'last-writer-wins',
    proof: 'proved',
    holds: 'compact-json',
    limit: { bytes: 48 * 1024, reason: "GitHub's limit for a secret" },
    cannot: { foreignKey: 'the secret holds the plain document' },
    harness: async () => {
      const jobs = await secretJobs(address)
      const { github, vault } = jobs
      const forbid = (...operations: Parameters<typeof github.inject>[0][]): void => {
        for (const operation of operations) {
          github.inject(operation, { kind: 'status', status: 403, headers: { 'x-accepted-github-permissions': 'environments=write' } })
        }
      }
      return {
        open: () => Promise.resolve(jobs.open()),
        faults: {
          unreachable: () => {
            github.inject('any', { kind: 'hang-up', done: false })
          },
          readDenied: () => {
            forbid('get-secret', 'get-key', 'get-variable')
          },
          writeDenied: () => {
            forbid('put-secret', 'create-variable', 'update-variable')
          },
          garbage: (bytes) => {
            vault.putSecret('CODEX_AUTH', text(bytes) ?? '')
          },
          answerLost: () => {
            github.inject('put-secret', { kind: 'hang-up', done: true })
          },
          writeInterrupted: () => {
            github.inject('put-secret', { kind: 'hang-up', done: false })
          },
          emptied: () => {
            vault.deleteSecret('CODEX_AUTH')
          },
        },
        heal: () => {
          github.heal()
        },
        cleanup: () => jobs.close(),
      }
    },
  })
}
