// Installs what package-lock.json names, unless that is what is installed. Uses only what Node has.
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const oldestNode = [20, 19]

/** Ends the process with a sentence when this Node is too old to run anything here. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  fail(
    `Longhaul needs Node ${oldestNode.join('.')} or newer, and this is ${process.versions.node}. Install a newer Node.`,
  )
}

export function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}

/** Run a command to its end. @returns whether it succeeded */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (error !== undefined) console.error(error.message)
  return status === 0
}

export function install() {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = join(root, 'node_modules', '.longhaul-installed')
  if (read(stamp) === hash) return
  console.log('Installing dependencies (npm ci) …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  if (!run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'])) {
    fail(
      'The dependencies could not be installed; npm said why above. Check the network and run this again.',
    )
  }
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(stamp, hash)
}

export function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
