// Builds the package and the studio, unless they were built from exactly these sources.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fail, read, root, run } from './install.mjs'

const sources = [
  'package-lock.json',
  'tsconfig.base.json',
  'packages/longhaul/package.json',
  'packages/longhaul/tsconfig',
  'packages/longhaul/src',
  'apps/studio',
]
const products = ['packages/longhaul/dist/server/index.js', 'apps/studio/dist/server/main.js']
const stamp = join(root, 'node_modules', '.cache', 'longhaul-build')

/** Sizes and times of all source files: reading them all would take longer than it saves. */
function fingerprint() {
  const hash = createHash('sha256')
  const visit = (path) => {
    const stats = statSync(path)
    if (stats.isDirectory()) {
      for (const name of readdirSync(path).sort()) {
        if (name !== 'dist' && name !== 'node_modules') visit(join(path, name))
      }
    } else hash.update(`${relative(root, path)} ${stats.size} ${stats.mtimeMs}\n`)
  }
  for (const source of sources) visit(join(root, source))
  return hash.digest('hex')
}

export function buildIfStale() {
  const now = fingerprint()
  if (read(stamp) === now && products.every((product) => existsSync(join(root, product)))) return
  console.log('Building …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const quiet = ['--silent']
  if (
    !run(npm, ['run', 'build', ...quiet]) ||
    !run(npm, ['run', 'build', '-w', 'apps/studio', ...quiet])
  ) {
    fail('The build failed; the compiler said why above.')
  }
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, now)
}
