// Loaded into every Node process of a machine: the folder MOUNTED_ACCOUNT is where the kubelet would mount a service account.
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join, relative } from 'node:path'

const { MOUNTED_ACCOUNT: folder = '/nonexistent' } = process.env
const mountPoint = '/var/run/secrets/kubernetes.io/serviceaccount'
const { readFile } = files

Object.assign(files, {
  readFile: (...[path, ...rest]: Parameters<typeof readFile>) => {
    const mounted = typeof path === 'string' && path.startsWith(`${mountPoint}/`)
    return readFile(mounted ? join(folder, relative(mountPoint, path)) : path, ...rest)
  },
})
syncBuiltinESMExports()
