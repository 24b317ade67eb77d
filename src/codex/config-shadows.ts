import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as z from 'zod/mini'
import { readPlainFile } from '../plain-file.ts'
import { configHazards } from './config-hazards.ts'
import type { Hazard } from './hazard.ts'

const provider = z.catch(z.looseObject({ requires_openai_auth: z.catch(z.optional(z.boolean()), undefined) }), {})
const schema = z.looseObject({
  profile: z.catch(z.optional(z.string()), undefined),
  model_provider: z.catch(z.optional(z.string()), undefined),
  model_providers: z.catch(z._default(z.record(z.string(), provider), {}), {}),
})

/** Providers that Codex knows by itself and that take no ChatGPT login. */
const withoutLogin: readonly string[] = ['ollama', 'ollama-chat', 'lmstudio', 'amazon-bedrock']
const largestConfig = 1024 * 1024

/**
 * What keeps Codex from using the login at all, in config.toml and in the profiles beside it (`--profile x` reads `x.config.toml`).
 * Measured on 0.149.1 and 0.169.0.
 */
export async function configShadows(codexHome: string, accountId: string | undefined): Promise<Hazard[]> {
  const own = join(codexHome, 'config.toml')
  const names = (await readdir(codexHome).catch(() => [])).filter((name) => name.endsWith('.config.toml')).sort()
  const ofProfiles = names.map(async (name) => {
    const path = join(codexHome, name)
    const found = [...(await configHazards({ path, accountId, codexHome })), ...(await shadowsIn(path))]
    const whenUsed = `With --profile ${basename(name, '.config.toml')}, `
    // A profile does nothing before it is asked for.
    return found
      .filter(({ severity }) => severity !== 'note')
      .map(({ message, remedy }): Hazard => ({ severity: 'warn', message: `${whenUsed}${message}`, remedy }))
  })
  return [...(await shadowsIn(own)), ...(await Promise.all(ofProfiles)).flat()]
}

async function shadowsIn(path: string): Promise<Hazard[]> {
  const config = await parsed(path)
  const { profile, model_provider: name, model_providers: providers } = config ?? {}
  const hazards: Hazard[] = []
  if (profile !== undefined) {
    hazards.push({
      severity: 'refuse',
      message: `${path} sets profile = "${profile}": Codex does not start with that.`,
      remedy: `Move what is under [profiles.${profile}] into ${profile}.config.toml beside it, and start Codex with --profile ${profile}.`,
    })
  }
  if (name !== undefined && (withoutLogin.includes(name) || isOwn(name, providers))) {
    hazards.push({
      severity: 'warn',
      message: `${path} sets model_provider = "${name}", which takes no ChatGPT login: Codex leaves it unused, and never refreshes it.`,
      remedy: `Remove model_provider, or set requires_openai_auth = true under [model_providers.${name}].`,
    })
  }
  return hazards
}

/** A provider of the file without a word on the login, which then is not used. */
function isOwn(name: string, providers: z.infer<typeof schema>['model_providers'] | undefined): boolean {
  return providers !== undefined && Object.hasOwn(providers, name) && providers[name]?.requires_openai_auth !== true
}

/** undefined for what cannot be read, which the other look at the file tells. */
async function parsed(path: string): Promise<z.infer<typeof schema> | undefined> {
  try {
    const text = Buffer.from(await readPlainFile(path, largestConfig)).toString('utf8')
    const { parse } = await import('smol-toml')
    return schema.parse(parse(text))
  } catch {
    return undefined
  }
}
