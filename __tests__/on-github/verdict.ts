// Judges the end-to-end job when every post has run: two machines, two rotations, and nothing lost or spent twice.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ledger } from '../support/loopback-openai.ts'

const [, , directory = ''] = process.argv
const { tokens, revocations } = (await (await fetch(`${process.env['E2E_LEDGER'] ?? ''}/verdict`)).json()) as Ledger
const stored = join(directory, 'store', 'auth.json')

const findings = [
  tokens.map(({ presented }) => presented).join() !== '1,1,0' && 'refresh tokens were not spent once each, with the newest left unspent',
  revocations > 0 && 'something has revoked the login',
  // Stores other than the file of the command store are judged by the second machine, which had no seed.
  existsSync(stored) && refreshToken(stored) !== tokens.at(-1)?.refreshToken && 'the store does not hold the newest login',
  ...['first-home', 'second-home'].map((home) => existsSync(join(directory, home, 'auth.json')) && `${home} still has an auth.json`),
].filter((finding) => finding !== false)

console.log(
  tokens
    .map(({ generation, presented, outcomes }) => `refresh token ${generation}: spent ${presented} times (${outcomes.join()})`)
    .join('\n'),
)
for (const finding of findings) console.log(`::error::${finding}`)
process.exitCode = findings.length === 0 ? 0 : 1

function refreshToken(file: string): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { tokens: { refresh_token: string } }).tokens.refresh_token
}
