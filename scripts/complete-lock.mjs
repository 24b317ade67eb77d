// Adds to package-lock.json the optional packages of other platforms that npm left out because its registry did not have
// them: without an entry for each, "npm ci" refuses the lock file on every platform. Run it after "npm install".
// Such an entry has no checksum; npm fetches it only on that platform. Prefer versions that the registry has in full.
import { readFileSync, writeFileSync } from 'node:fs'

const file = 'package-lock.json'
const lock = JSON.parse(readFileSync(file, 'utf8'))
const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64']

for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, wanted] of Object.entries(optionalDependencies)) {
    const [, alias, version] = /^(?:npm:(.+)@)?(\d+\.\d+\.\d+[^ ]*)$/.exec(wanted) ?? []
    const found = find(path, name)
    if (version === undefined || (found !== undefined && lock.packages[found].version === version)) continue
    const words = name.split('-')
    const os = systems.find((system) => words.includes(system))
    const cpu = processors.find((processor) => words.includes(processor))
    if (os === undefined || cpu === undefined) throw new Error(`It is not clear which platform ${name} is for.`)
    const libc =
      os !== 'linux'
        ? undefined
        : words.some((word) => word.startsWith('musl'))
          ? 'musl'
          : words.some((word) => word.startsWith('gnu'))
            ? 'glibc'
            : undefined
    lock.packages[`${found === undefined ? '' : `${path}/`}node_modules/${name}`] = {
      ...(alias && { name: alias }),
      version,
      cpu: [cpu],
      ...(dev && { dev }),
      ...(libc && { libc: [libc] }),
      optional: true,
      os: [os],
    }
    console.log(`added ${name} ${version}`)
  }
}
const paths = Object.keys(lock.packages).sort((a, b) => a.localeCompare(b, 'en'))
lock.packages = Object.fromEntries(paths.map((path) => [path, lock.packages[path]]))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)

/** Where Node finds that package from there. */
function find(from, name) {
  const parts = from === '' ? [] : from.split('/node_modules/')
  for (let length = parts.length; length > 0; length -= 1) {
    const path = `${parts.slice(0, length).join('/node_modules/')}/node_modules/${name}`
    if (lock.packages[path] !== undefined) return path
  }
  return lock.packages[`node_modules/${name}`] && `node_modules/${name}`
}
