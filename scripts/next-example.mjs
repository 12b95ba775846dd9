// `npm run next-example`: makes examples/nextjs ready for `npm run dev`, and `npm test` ready to test it. It
// stands outside the workspaces, because Next.js is large and nothing else here needs it.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfStale } from './build.mjs'
import { checkNode, fail, install, read, root, run } from './install.mjs'

const example = join(root, 'examples', 'nextjs')
const longhaul = join(root, 'packages', 'longhaul')
const stamp = join(example, 'node_modules', '.longhaul-installed')

/** Installs what the example's own lockfile names, and gives it this repository's package as it is built now. */
export function installNextExample() {
  const now = fingerprint(join(example, 'package-lock.json'), join(longhaul, 'package.json'))
  if (read(stamp) !== now) {
    console.log('Installing the Next.js example (npm ci, about 450 MB) …')
    if (!run('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: example })) {
      fail(
        'The Next.js example could not be installed; npm said why above. It needs the npm registry once: check the network and run this again. If its lockfile is behind, run "npm install" in examples/nextjs.',
      )
    }
    writeFileSync(stamp, now)
  }
  const copy = join(example, 'node_modules', 'longhaul')
  for (const part of ['dist', 'package.json']) {
    cpSync(join(longhaul, part), join(copy, part), { recursive: true, force: true })
  }
}

function fingerprint(...files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex')
}

if (process.argv[1] === import.meta.filename) {
  checkNode()
  install()
  if (!existsSync(join(longhaul, 'dist'))) buildIfStale()
  installNextExample()
}
