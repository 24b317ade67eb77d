import { wrongUsage } from '../wrong-usage.ts'

/** One of the answers that a person can choose. */
export interface Choice<Value extends string> {
  readonly value: Value
  readonly label: string
  readonly hint?: string
}

/**
 * Asks the person. Where nobody can answer nothing is asked: each question names the flag that answers it.
 * Every method throws KeeperError invalid-inputs (exit code 2) where there is no terminal, and ends the program as Ctrl-C does
 * where the person gives up.
 */
export interface Questions {
  /** Whether anybody is there to answer. */
  readonly canAsk: boolean
  confirm(question: string, answer: { readonly flag: string; readonly byDefault?: boolean }): Promise<boolean>
  choose<Value extends string>(
    question: string,
    choices: readonly Choice<Value>[],
    answer: { readonly flag: string; readonly byDefault?: Value },
  ): Promise<Value>
  /** @param problem what is wrong with an answer, as a sentence; undefined where nothing is */
  text(
    question: string,
    answer: { readonly flag: string; readonly byDefault?: string; readonly problem?: (text: string) => string | undefined },
  ): Promise<string>
}

/**
 * @param canAsk both stdin and stdout are a terminal
 * @param clean makes a text fit to be shown
 * @param giveUp what happens when the person presses Ctrl-C
 */
export function questionsOn(canAsk: boolean, clean: (text: string) => string, giveUp: () => Promise<never>): Questions {
  const asked = async <T>(
    flag: string,
    question: string,
    ask: (clack: typeof import('@clack/prompts')) => Promise<T | symbol>,
  ): Promise<T> => {
    if (!canAsk) throw wrongUsage(`"${question}" has no answer, and there is no terminal to ask on.`, `Answer it with ${flag}.`)
    const answer = await ask(await import('@clack/prompts'))
    return typeof answer === 'symbol' ? giveUp() : answer
  }
  return {
    canAsk,
    confirm: (question, { flag, byDefault = true }) =>
      asked<boolean>(flag, question, ({ confirm }) => confirm({ message: clean(question), initialValue: byDefault })),
    choose: (question, choices, { flag, byDefault }) =>
      asked(flag, question, ({ select }) =>
        select<string>({
          message: clean(question),
          options: choices.map(({ value, label, hint }) => ({
            value,
            label: clean(label),
            ...(hint !== undefined && { hint: clean(hint) }),
          })),
          ...(byDefault !== undefined && { initialValue: byDefault }),
        }),
      ) as Promise<(typeof choices)[number]['value']>,
    text: (question, { flag, byDefault, problem }) =>
      asked<string>(flag, question, ({ text }) =>
        text({
          message: clean(question),
          ...(byDefault !== undefined && { defaultValue: byDefault, placeholder: clean(byDefault) }),
          ...(problem && { validate: (value) => problem(value ?? '') }),
        }),
      ),
  }
}
