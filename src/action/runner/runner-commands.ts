/**
 * What a stage says to the runner and hears from it: the part of `@actions/core` that the keeper uses, under the same
 * names and written by the package's own encoders. They are imported by path, because the package exports its root
 * alone, and the root loads an HTTP client with it, a quarter of a stage's processor time.
 * All that is printed goes through here, and whatever it holds, the runner finds no command in it but ours.
 */
import { issueCommand } from '../../../node_modules/@actions/core/lib/command.js'
import { issueFileCommand, prepareKeyValueMessage } from '../../../node_modules/@actions/core/lib/file-command.js'
import { logLine, logLines } from '../../log-text.ts'

export { summary } from '../../../node_modules/@actions/core/lib/summary.js'

/** The value of an input as it was given, blanks and line breaks included; '' when it is not set. */
export function getInput(name: string): string {
  return process.env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? ''
}

/** What an earlier stage of this step saved; '' when nothing. */
export function getState(name: string): string {
  return process.env[`STATE_${name}`] ?? ''
}

/** For the later stages of this step. @throws Error when the runner's file for it is missing, as the next two do */
export function saveState(name: string, value: string): void {
  issueFileCommand('STATE', prepareKeyValueMessage(name, value))
}

/** For the later steps of this job. */
export function setOutput(name: string, value: string): void {
  issueFileCommand('OUTPUT', prepareKeyValueMessage(name, value))
}

/** Sets a variable for this process and for the later steps of this job. */
export function exportVariable(name: string, value: string): void {
  process.env[name] = value
  issueFileCommand('ENV', prepareKeyValueMessage(name, value))
}

/** Masks a value in the job's log from here on. */
export function setSecret(value: string): void {
  issueCommand('add-mask', {}, value)
}

/** One line of the log. */
export function info(line: string): void {
  process.stdout.write(`${logLine(line)}\n`)
}

/** Shown only in a run with step debugging on. */
export function debug(text: string): void {
  issueCommand('debug', {}, logLines(text))
}

export function warning(text: string): void {
  issueCommand('warning', {}, logLines(text))
}

/** An error annotation, and the step ends red. */
export function setFailed(text: string): void {
  process.exitCode = 1
  issueCommand('error', {}, logLines(text))
}

/** What is printed up to `endGroup` folds away under this title. */
export function startGroup(title: string): void {
  issueCommand('group', {}, logLine(title))
}

export function endGroup(): void {
  issueCommand('endgroup', {}, '')
}
