// `npm run next-example`, `npm run expo-example`: make these examples ready to be started, and `npm test` ready to test
// them. They stand outside the workspaces, because what they need is large and nothing else here needs it.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfStale } from './build.mjs'
import { checkNode, fail, install, read, root, run } from './install.mjs'

const longhaul = join(root, 'packages', 'longhaul')

const megabytes = { nextjs: 450, expo: 360 }

/** Installs what the example's own lockfile names, and gives it this repository's package as it is built now. */
export function installExample(name) {
  const example = join(root, 'examples', name)
  const stamp = join(example, 'node_modules', '.longhaul-installed')
  const now = fingerprint(join(example, 'package-lock.json'), join(longhaul, 'package.json'))
  if (read(stamp) !== now) {
    console.log(`Installing examples/${name} (npm ci, about ${megabytes[name]} MB) …`)
    if (!run('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: example })) {
      fail(
        `examples/${name} could not be installed; npm said why above. It needs the npm registry once: check the network and run this again. If its lockfile is behind, run "npm install" in examples/${name}.`,
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
  const name = process.argv[2]
  if (!(name in megabytes)) fail(`Name one of ${Object.keys(megabytes).join(', ')}.`)
  checkNode()
  install()
  if (!existsSync(join(longhaul, 'dist'))) buildIfStale()
  installExample(name)
}
