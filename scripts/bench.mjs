// `npm run bench`: builds the package, installs the peers (of bench/ alone) and runs all on the same work.
// `npm run bench -- --help` says what can be chosen.
import { join } from 'node:path'
import { buildIfStale } from './build.mjs'
import { checkNode, fail, install, root, run } from './install.mjs'

checkNode()
install()
buildIfStale()
const bench = join(root, 'bench')
// Not `npm ci`: the lockfile lacks binaries of one optional package for platforms that its registry did not have.
if (
  !run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: bench,
  })
) {
  fail('The peers could not be installed; npm said why above.')
}
process.exitCode = run(process.execPath, ['run.mjs', ...process.argv.slice(2)], { cwd: bench })
  ? 0
  : 1
