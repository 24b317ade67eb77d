import type { RecipePlace } from './place.ts'
import { startRecipeServer, type Answer, type Incoming } from './server.ts'
import { calledWith, tool } from './tool.ts'

/** One secret of AWS Secrets Manager, made without a value, as the AWS CLI shows it; its words are those of AWS and of moto. */
export async function awsSecretsManager(): Promise<RecipePlace> {
  const versions = new Map<string, string>()
  const labels = new Map<string, string>()
  let writes = 0

  const error = (operation: string, code: string, message: string): Answer => ({
    status: 400,
    body: `\nAn error occurred (${code}) when calling the ${operation} operation: ${message}\n`,
  })
  const stages = (id: string): string[] => [...labels].filter(([, at]) => at === id).map(([label]) => label)
  const move = (id: string): void => {
    labels.set('AWSCURRENT', id)
    writes += 1
  }

  const answer = ({ body, may }: Incoming): Answer => {
    const { args, input } = calledWith(body)
    const option = (name: string): string | undefined => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : undefined)
    const operation = args[1] ?? ''
    const allowed = /^(get|describe)/.test(operation) ? may.read : may.write
    if (!allowed) return error(operation, 'AccessDeniedException', `User: ci is not authorized to perform: secretsmanager:${operation}`)
    if (option('secret-id') !== 'codex-auth') {
      return error(operation, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
    }
    switch (operation) {
      case 'describe-secret': {
        const shown = [...versions.keys()].filter((id) => stages(id).length > 0).map((id) => [id, stages(id)])
        return {
          status: 200,
          body: { Name: 'codex-auth', ...(shown.length > 0 && { VersionIdsToStages: Object.fromEntries(shown) as object }) },
        }
      }
      case 'get-secret-value': {
        const id = labels.get(option('version-stage') ?? 'AWSCURRENT')
        const none = "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"
        if (id === undefined) return error(operation, 'ResourceNotFoundException', none)
        if (option('query') === 'VersionId') return { status: 200, body: `${id}\n` }
        return { status: 200, body: { VersionId: id, SecretString: versions.get(id), VersionStages: stages(id) } }
      }
      case 'put-secret-value': {
        const id = option('client-request-token') ?? ''
        const text = option('secret-string') === 'file:///dev/stdin' ? input.toString('utf8') : (option('secret-string') ?? '')
        if (!/^.{32,64}$/.test(id)) return error(operation, 'ValidationException', 'ClientRequestToken must have length 32 to 64')
        if (versions.has(id) && versions.get(id) !== text) {
          return error(operation, 'ResourceExistsException', `You can't use ClientRequestToken ${id} because that value is already in use`)
        }
        if (!versions.has(id)) {
          versions.set(id, text)
          labels.set(option('version-stages') ?? 'AWSCURRENT', id)
          if (versions.size === 1) move(id)
        }
        return { status: 200, body: { VersionId: id, VersionStages: stages(id) } }
      }
      case 'update-secret-version-stage': {
        const [to = '', from] = [option('move-to-version-id'), option('remove-from-version-id')]
        const message = `Version stage AWSCURRENT not found in version ${from ?? 'none'}`
        if (labels.get('AWSCURRENT') !== from) return error(operation, 'InvalidParameterException', message)
        move(to)
        return { status: 200, body: { Name: 'codex-auth' } }
      }
      default:
        return error(operation, 'InvalidAction', 'There is no such operation')
    }
  }
  const server = await startRecipeServer(answer)
  return {
    server,
    replacements: {},
    env: {},
    elsewhere: { SECRET_ID: 'none' },
    programs: { aws: tool(server.url, server.token, '*file:///dev/stdin*') },
    secrets: [],
    shows: 'secretsmanager',
    provedWhenEmpty: 'unprovable',
    contents: () => {
      const text = versions.get(labels.get('AWSCURRENT') ?? '')
      return text === undefined ? undefined : Buffer.from(text)
    },
    writes: () => writes,
  }
}
