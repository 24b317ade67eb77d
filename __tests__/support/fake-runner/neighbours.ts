import { join } from 'node:path'
import type { ActionStep, ScriptStep } from './job-spec.ts'
import { writeAction } from './write-action.ts'

/** Steps of somebody else that get in the way. `file` is what they work on, as the shell is to read it. */
export const neighbours = {
  rewrites: (file: string, content: string): ScriptStep => {
    const quoted = `'${content.replaceAll("'", `'\\''`)}'`
    return { id: 'rewrites', run: `printf '%s' ${quoted} > "${file}"` }
  },
  truncates: (file: string): ScriptStep => ({
    id: 'truncates',
    run: `head -c $(( $(wc -c < "${file}") / 2 )) "${file}" > half; cat half > "${file}"; rm half`,
  }),
  deletes: (file: string): ScriptStep => ({ id: 'deletes', run: `rm -f "${file}"` }),
  links: (file: string, to: string): ScriptStep => ({ id: 'links', run: `ln -sf "${to}" "${file}"` }),
  changesMode: (file: string, mode: string): ScriptStep => ({ id: 'changes-mode', run: `chmod ${mode} "${file}"` }),
  setsVariable: (name: string, value: string): ScriptStep => ({ id: 'sets-variable', run: `echo '${name}=${value}' >> "$GITHUB_ENV"` }),
  setsPath: (folder: string): ScriptStep => ({ id: 'sets-path', run: `echo '${folder}' >> "$GITHUB_PATH"` }),
  deletesWorkspace: (): ScriptStep => ({ id: 'deletes-workspace', run: 'cd / && rm -rf "$GITHUB_WORKSPACE"' }),
  leavesProcess: (): ScriptStep => ({ id: 'leaves-process', run: 'sleep 600 > /dev/null 2>&1 &' }),
}

/**
 * An action like one that mints a token: its output `token`, made up by its main, is revoked by its post, which sends
 * `DELETE <url>` with the token as bearer. Written into a folder below `dir`.
 */
export function tokenMintingStep(dir: string, url: string): ActionStep {
  const uses = writeAction(join(dir, 'token-minting'), {
    inputs: { url: {} },
    main: `import fs from 'node:fs'; import { randomUUID } from 'node:crypto'
      const token = 'ghs_' + randomUUID().replaceAll('-', '')
      console.log('::add-mask::' + token)
      fs.appendFileSync(process.env.GITHUB_OUTPUT, 'token=' + token + '\\n')
      fs.appendFileSync(process.env.GITHUB_STATE, 'token=' + token + '\\n')`,
    post: `const headers = { authorization: 'Bearer ' + process.env.STATE_token }
      const answer = await fetch(process.env.INPUT_URL, { method: 'DELETE', headers })
      console.log('Token revoked: ' + answer.status)`,
  })
  return { id: 'token', uses, with: { url } }
}
