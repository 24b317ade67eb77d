// Loaded into every Node process of a machine, with a folder in its own URL that stands where the kubelet would mount a service
// account. A container has such a mount for all its processes, so a Node that one of them starts has it too, whatever its environment.
import children from 'node:child_process'
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join, relative } from 'node:path'

const folder = new URLSearchParams(new URL(import.meta.url).hash.slice(1)).get('folder') ?? '/nonexistent'
const mountPoint = '/var/run/secrets/kubernetes.io/serviceaccount'
const { readFile } = files
const spawn = children.spawn as (program: string, args: readonly string[], ...rest: unknown[]) => unknown

Object.assign(files, {
  readFile: (...[path, ...rest]: Parameters<typeof readFile>) => {
    const mounted = typeof path === 'string' && path.startsWith(`${mountPoint}/`)
    return readFile(mounted ? join(folder, relative(mountPoint, path)) : path, ...rest)
  },
})
Object.assign(children, {
  spawn: (...[program, args, ...rest]: Parameters<typeof spawn>) =>
    spawn(program, program === process.execPath ? [`--import=${import.meta.url}`, ...args] : args, ...rest),
})
syncBuiltinESMExports()
