import type { CodexCli } from '../codex/codex-cli.ts'
import type { CodexFailure } from '../codex/failure.ts'
import type { Fingerprint } from '../credential/fingerprint.ts'
import { writeBackRotation, type LoginRequest, type Rotation } from './rotation.ts'

export type SmokeTest =
  | { readonly kind: 'passed'; readonly rotation: Rotation | undefined }
  | { readonly kind: 'failed'; readonly failure: CodexFailure | undefined; readonly rotation: Rotation | undefined }
  | { readonly kind: 'left-running'; readonly pid: number }

export interface ProofRequest extends LoginRequest {
  readonly codex: CodexCli
  /** The login at hand; where no store holds it, that was tried for as long as `retry` says. */
  readonly atHand: Fingerprint
}

/** Proves with one short model call that the login works; what that call rotated is written back at once. */
export async function proveLogin(request: ProofRequest): Promise<SmokeTest> {
  const { codex, state } = request
  const run = await codex.smokeTest((pid) => {
    state.update({ codexProcess: pid })
  })
  if (run.kind !== 'left-running') state.update({ codexProcess: undefined })
  const rotation = await writeBackRotation(request, request.atHand)
  switch (run.kind) {
    case 'left-running':
      return run
    case 'unsupported':
      return { kind: 'failed', failure: undefined, rotation }
    case 'ended':
      return run.ok ? { kind: 'passed', rotation } : { kind: 'failed', failure: run.failure, rotation }
  }
}
