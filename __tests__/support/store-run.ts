import type { StoreInputs, StoreRun } from '../../src/stores/store-line.ts'

/** A job of your-org/your-repo on a machine that has everything a store may need. */
export function someRun(changes: Partial<StoreRun> = {}): StoreRun {
  return {
    home: '/home/ci',
    tempDirectory: '/tmp',
    workspace: '/home/ci/work',
    tools: { bash: '/bin/bash', git: '/usr/bin/git', ssh: '/usr/bin/ssh' },
    env: {},
    userEnv: {},
    lostVariables: [],
    repository: 'your-org/your-repo',
    ref: 'refs/heads/main',
    serverUrl: 'https://github.com',
    apiUrl: 'https://api.github.com',
    runUrl: 'https://github.com/your-org/your-repo/actions/runs/1',
    hasNextStage: true,
    sealedFor: undefined,
    handovers: {},
    onSecret: () => undefined,
    ...changes,
  }
}

/** What the form of a key file needs, and no key. */
export const someSshKey = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n'

/** Inputs with everything that a store may need. */
export function someStoreInputs(changes: Partial<StoreInputs> = {}): StoreInputs {
  return {
    slot: 'default',
    authJson: '{}',
    encryptionKey: { kind: 'keys', keys: [{ kind: 'passphrase', secret: 'p'.repeat(32) }] },
    githubToken: 'ghs_job',
    storeToken: undefined,
    secretWriter: { kind: 'settings', settings: { kind: 'token', token: 'github_pat_1' } },
    readCommand: 'cat file',
    writeCommand: 'cat >file',
    proveCommand: 'test -w file',
    sshKey: someSshKey,
    sshKnownHosts: 'host.example ssh-ed25519 AAAA',
    ...changes,
  }
}
