import * as z from 'zod/mini'
import { messageOf } from '../keeper-error.ts'
import { isInside } from '../paths.ts'
import { PlainFileError, readPlainFile } from '../plain-file.ts'
import type { Hazard } from './hazard.ts'
import { isLoopback, isOpenAI } from './url-hosts.ts'

/** Made where there is a file to judge: most machines have none, and a stage would start the later for it. */
function configSchema() {
  return z.looseObject({
    cli_auth_credentials_store: z.catch(z.optional(z.string()), undefined),
    forced_login_method: z.catch(z.optional(z.string()), undefined),
    forced_chatgpt_workspace_id: z.catch(z.optional(z.union([z.string(), z.array(z.string())])), undefined),
    chatgpt_base_url: z.catch(z.optional(z.string()), undefined),
    openai_base_url: z.catch(z.optional(z.string()), undefined),
    model_provider: z.catch(z.optional(z.string()), undefined),
    model_providers: z.catch(
      z.optional(
        z.record(
          z.string(),
          z.looseObject({
            base_url: z.catch(z.optional(z.string()), undefined),
            requires_openai_auth: z.catch(z.optional(z.boolean()), undefined),
          }),
        ),
      ),
      undefined,
    ),
    default_permissions: z.catch(z.optional(z.string()), undefined),
    permissions: z.catch(
      z.optional(
        z.record(
          z.string(),
          z.looseObject({
            filesystem: z.catch(z.optional(z.record(z.string(), z.unknown())), undefined),
          }),
        ),
      ),
      undefined,
    ),
  })
}
type Config = z.infer<ReturnType<typeof configSchema>>

export interface ConfigPlace {
  readonly path: string
  /** undefined: no login is known, and a workspace that is forced is not judged. */
  readonly accountId: string | undefined
  readonly codexHome: string
}

/** What one `config.toml` does to the login; none when there is no such file. Facts about Codex: measured on 0.169.0. */
export async function configHazards(place: ConfigPlace): Promise<Hazard[]> {
  const { path } = place
  const text = await textOf(path)
  if (text === undefined) return []
  if (text instanceof PlainFileError) {
    return [
      {
        severity: 'warn',
        message: `${path} ${text.message}, so what it does to the login is unknown.`,
        remedy: 'Put a regular config.toml in its place; Codex cannot read this one either.',
      },
    ]
  }
  const { parse, TomlError } = await import('smol-toml')
  try {
    return judgeConfig(configSchema().parse(parse(text)), place)
  } catch (error) {
    const where = error instanceof TomlError ? `line ${error.line}` : (messageOf(error).split('\n', 1)[0] ?? '')
    return [
      {
        severity: 'warn',
        message: `${path} is not valid TOML (${where}), so what it does to the login is unknown.`,
        remedy: 'Correct the file; Codex refuses it too.',
      },
    ]
  }
}

/** Anything larger is not a configuration. Bytes. */
const largestConfig = 1024 * 1024

/** undefined where there is none that this user may read. */
async function textOf(path: string): Promise<string | PlainFileError | undefined> {
  try {
    return Buffer.from(await readPlainFile(path, largestConfig)).toString('utf8')
  } catch (error) {
    return error instanceof PlainFileError ? error : undefined
  }
}

function judgeConfig(config: Config, place: ConfigPlace): Hazard[] {
  const { path, accountId } = place
  const hazards = profileHazards(config, place)
  const store = config.cli_auth_credentials_store
  if (store !== undefined && store !== 'file') {
    hazards.push({
      severity: 'refuse',
      message: `${path} sets cli_auth_credentials_store = "${store}": Codex then ignores auth.json or deletes it.`,
      remedy: 'Set cli_auth_credentials_store = "file".',
      setting: { path, name: 'cli_auth_credentials_store' },
    })
  }
  if (config.forced_login_method !== undefined && config.forced_login_method !== 'chatgpt') {
    hazards.push({
      severity: 'refuse',
      message: `${path} sets forced_login_method = "${config.forced_login_method}": codex exec deletes a ChatGPT auth.json.`,
      remedy: 'Remove forced_login_method, or set it to "chatgpt".',
    })
  }
  const forced = [config.forced_chatgpt_workspace_id ?? []].flat()
  if (forced.length > 0 && accountId !== undefined && !forced.includes(accountId)) {
    hazards.push({
      severity: 'refuse',
      message: `${path} sets forced_chatgpt_workspace_id to another workspace: codex exec deletes the auth.json of this login.`,
      remedy: 'Log in to that workspace and reseed, or remove forced_chatgpt_workspace_id.',
    })
  }
  const provider = config.model_providers?.[config.model_provider ?? '']
  const targets = {
    chatgpt_base_url: config.chatgpt_base_url,
    openai_base_url: config.openai_base_url,
    [`model_providers.${config.model_provider ?? ''}.base_url`]: provider?.requires_openai_auth ? provider.base_url : undefined,
  }
  for (const [key, url] of Object.entries(targets)) {
    if (url !== undefined && !isLoopback(url) && !isOpenAI(url)) {
      hazards.push({
        severity: 'warn',
        message: `${path} sets ${key}: Codex sends the access token to that server.`,
        remedy: `Remove ${key} unless you trust that server with your ChatGPT login.`,
      })
    }
  }
  return hazards
}

/** A permission profile that is to keep the login from commands the model runs: whether it does, and what ends it. */
function profileHazards({ default_permissions: name, permissions }: Config, { path, codexHome }: ConfigPlace): Hazard[] {
  if (name === undefined || name.startsWith(':')) return []
  const denied = Object.entries(permissions?.[name]?.filesystem ?? {})
    .filter(([, access]) => access === 'deny')
    .map(([folder]) => folder)
  if (denied.length === 0) return []
  if (!denied.some((folder) => isInside(codexHome, folder))) {
    return [
      {
        severity: 'warn',
        message: `${path} denies ${denied.join(', ')} to what the model runs, but the login is in ${codexHome}.`,
        remedy: `Deny "${codexHome}" in the permission profile "${name}".`,
      },
    ]
  }
  return [
    {
      severity: 'note',
      message: `The permission profile "${name}" keeps the login from what the model runs. An argument --sandbox or -c sandbox_mode switches it off without a word.`,
      remedy: 'Run Codex without these arguments; openai/codex-action passes one.',
    },
  ]
}
