/** What the model answers to one request: a text, or a shell command for Codex to run. */
export type ModelTurn = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'command'; readonly cmd: string }

let turns = 0

/** A turn as the event stream of the Responses API, with what Codex needs of it (measured on 0.169.0 and 0.150.0). */
export function turnEvents(turn: ModelTurn): string {
  turns += 1
  const id = `resp_${turns}`
  return [
    event('response.created', { response: { id, status: 'in_progress' } }),
    ...(turn.kind === 'text' ? textEvents(`msg_${turns}`, turn.text) : [commandEvent(`call_${turns}`, turn.cmd)]),
    event('response.completed', {
      response: {
        id,
        usage: {
          input_tokens: 1,
          input_tokens_details: null,
          output_tokens: 1,
          output_tokens_details: null,
          total_tokens: 2,
        },
      },
    }),
  ].join('')
}

function textEvents(id: string, text: string): string[] {
  const item = (content: object[]): object => ({ item: { type: 'message', id, role: 'assistant', content } })
  return [
    event('response.output_item.added', item([])),
    event('response.output_text.delta', { item_id: id, output_index: 0, content_index: 0, delta: text }),
    event('response.output_item.done', item([{ type: 'output_text', text }])),
  ]
}

function commandEvent(id: string, cmd: string): string {
  const call = { name: 'exec_command', arguments: JSON.stringify({ cmd }) }
  return event('response.output_item.done', { item: { type: 'function_call', id: `fc_${id}`, call_id: id, ...call } })
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
}
