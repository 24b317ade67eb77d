import { availableParallelism } from 'node:os'

export default {
  globalSetup: './scripts/before-tests.mjs',
  globalTeardown: './scripts/after-tests.mjs',
  testSequencer: './scripts/longest-first.mjs',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  testTimeout: 180_000, // for what hangs; several jobs share a processor
  // Half of what the tests do is to wait: for Codex, for a server that is slow on purpose, for another job.
  maxWorkers: Math.min(8, 2 * availableParallelism()),
  maxConcurrency: 12,
  // Each start of a process costs the more, the more memory its parent has, and the modules of test files that have ended stay there.
  workerIdleMemoryLimit: '200MB',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
}
