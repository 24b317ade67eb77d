import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** What a folder of src/ must not import: other folders, and whatever else the patterns name. Also not lazily, with `import()`. */
const layer = (folder, { folders, patterns = [] }, message) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ group: [...folders.map((name) => `**/${name}/**`), ...patterns], message }] }],
    // The rule above sees declarations alone.
    'no-restricted-syntax': ['error', { selector: `ImportExpression[source.value=/^[.].*\\x2F(${folders.join('|')})\\x2F/]`, message }],
  },
})

export default defineConfig(
  { ignores: ['dist', 'coverage', '*.config.js', '.github'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: ['__tests__/tsconfig.json'] } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: ['scripts/*.mjs'], languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } } },
  layer(
    'process',
    { folders: ['action', 'cli', 'keeper', 'stores', 'codex', 'github', 'credential'] },
    'process/ knows children and their environment, no login.',
  ),
  layer(
    'github',
    { folders: ['action', 'cli', 'keeper', 'stores', 'codex', 'credential'] },
    'The GitHub API knows nothing of credentials.',
  ),
  layer('stores', { folders: ['action', 'cli', 'keeper', 'codex'] }, 'A store knows credentials, never a stage.'),
  layer('codex', { folders: ['action', 'cli', 'keeper', 'stores', 'github'] }, 'The CLI and its home know credentials only.'),
  layer('keeper', { folders: ['action', 'cli'] }, 'The keeper does not know what it runs as.'),
  layer('action', { folders: ['cli'] }, 'The action knows nothing of the command line.'),
  layer(
    'cli',
    { folders: ['action'] },
    'The command line knows nothing of jobs and runners; what both say lies in a place that both can import.',
  ),
  layer(
    'credential',
    {
      folders: ['action', 'cli', 'keeper', 'stores', 'codex', 'github', 'process'],
      patterns: ['@actions/*', 'node:*', '../*.ts', '!../sha256.ts', '!../loopback.ts'],
    },
    'credential/ is pure: it imports itself, zod, a hash and what a loopback address is.',
  ),
  {
    files: ['src/credential/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', { selector: 'ImportExpression', message: 'credential/ loads nothing lazily.' }] },
  },
)
