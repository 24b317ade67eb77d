import { startRecipeServer, type Answer, type Incoming, type RecipeServer } from './server.ts'
import { calledWith, tool } from './tool.ts'

/** One document of 1Password, with nothing but a line break in it at first, as `op document` shows it. */
export interface OnePassword {
  readonly server: RecipeServer
  readonly programs: Readonly<Record<string, string>>
  readonly contents: () => Buffer
}

export async function onePassword(): Promise<OnePassword> {
  let document: Buffer = Buffer.from('\n')
  const answer = ({ body }: Incoming): Answer => {
    const { args, input } = calledWith(body)
    switch (args.join(' ')) {
      case 'document get codex-auth --vault CI':
        return { status: 200, body: document }
      case 'document edit codex-auth - --vault CI --file-name auth.json':
        document = input
        return { status: 200, body: 'edited\n' }
      default:
        return { status: 404, body: `[ERROR] "${args[2] ?? ''}" isn't an item.\n` }
    }
  }
  const server = await startRecipeServer(answer)
  return { server, programs: { op: tool(server.url, server.token, '*document\\ edit*') }, contents: () => document }
}
