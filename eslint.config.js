import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const layer = (folder, group, message) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
})

export default defineConfig(
  { ignores: ['dist', 'coverage', '*.config.js', 'scripts/*.mjs', '.github'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { project: ['__tests__/tsconfig.json'] } } },
  { rules: {
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  } },
  layer('credential', ['@actions/*', 'node:*', '**/action/**', '**/keeper/**', '**/stores/**', '**/codex/**', '**/github/**', '../*.ts'],
    'credential/ is pure: it imports itself and zod.'),
  layer('github', ['**/action/**', '**/keeper/**', '**/stores/**', '**/codex/**'], 'The GitHub API knows nothing of credentials.'),
  layer('stores', ['**/action/**', '**/keeper/**', '**/codex/**'], 'A store knows credentials, never a stage.'),
  layer('codex', ['**/action/**', '**/keeper/**', '**/stores/**'], 'The CLI and its home know credentials only.'),
  layer('keeper', ['**/action/**'], 'The keeper does not know that it runs as an action.'),
  { files: ['src/credential/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', { selector: 'ImportExpression', message: 'credential/ loads nothing lazily.' }] } },
)
