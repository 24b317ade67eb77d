import { startLoopbackGithub } from '../loopback-github.ts'
import type { StorePlace, Times } from '../store-places.ts'

const repository = 'your-org/your-repo'
const name = 'CODEX_AUTH'

/** An environment secret of the workflow's own repository; `auth-json` is its copy, read when the job starts. */
export async function secretPlace(): Promise<StorePlace> {
  const github = await startLoopbackGithub()
  github.repository(repository, { environments: ['prod'] })
  const vault = github.vault(repository, 'prod')
  const writer = github.token({ permissions: { secrets: 'write', environments: 'write', actions_variables: 'write' } })
  const line = `github-secret: ${name}?environment=prod`
  let writes = 0
  const { answer: answers } = vault
  vault.answer = {
    ...answers,
    putSecret: (secret, body) => {
      const answer = answers.putSecret(secret, body)
      if (secret === name && answer.status < 300) writes += 1
      return answer
    },
  }
  const held = (bytes: Uint8Array): Uint8Array => Buffer.from(JSON.stringify(JSON.parse(Buffer.from(bytes).toString('utf8'))))
  const inject = (on: 'get-secret' | 'put-secret', times: Times): Promise<void> => {
    github.inject(on, { kind: 'hang-up', done: false }, times === 'always' ? Infinity : times)
    return Promise.resolve()
  }
  const put = (bytes: Uint8Array): void => {
    github.advance(2) // GitHub's times are whole seconds.
    vault.putSecret(name, Buffer.from(held(bytes)).toString('utf8'))
  }
  return {
    name: 'github-secret',
    line,
    machineKind: 'hosted',
    machineEnv: {},
    held,
    seed: (text) => {
      put(Buffer.from(text))
    },
    job: () => ({
      inputs: { store: line, 'auth-json': `\${{ secrets.${name} }}`, 'secret-writer-token': '${{ secrets.WRITER }}' },
      spec: { apiUrl: github.url, secrets: { ...github.snapshotAtQueue(repository).snapshotAtStart('prod'), WRITER: writer } },
    }),
    contents: () => {
      const value = vault.secret(name)
      return Promise.resolve(value === undefined ? undefined : Buffer.from(value))
    },
    empty: () => {
      vault.deleteSecret(name)
      return Promise.resolve()
    },
    put: (bytes) => {
      put(bytes)
      return Promise.resolve()
    },
    failReads: (times) => inject('get-secret', times),
    failWrites: (times) => inject('put-secret', times),
    loseAnswers: (times) => {
      github.inject('put-secret', { kind: 'hang-up', done: true }, times === 'always' ? Infinity : times)
      return Promise.resolve()
    },
    slow: (milliseconds) => {
      github.inject('get-secret', { kind: 'slow', milliseconds }, Infinity)
      return Promise.resolve()
    },
    heal: () => {
      github.heal()
      return Promise.resolve()
    },
    writes: () => Promise.resolve(writes),
    close: () => github.close(),
  }
}
