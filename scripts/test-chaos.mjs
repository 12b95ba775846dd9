// `npm run test:chaos`: the long parts of the tests that choose at random or kill processes. Takes the
// paths of tests, as vitest does; without any it runs them all.
import { buildIfStale } from './build.mjs'
import { checkNode, install, run } from './install.mjs'

checkNode()
install()
buildIfStale()
process.env.LONGHAUL_CHAOS = '1'

const tests = process.argv.slice(2)
const all = ['model', 'interleave', 'chaos', 'storm', 'convergence', 'failover', 'upgrade'].map(
  (name) => `packages/longhaul/test/${name}.test.ts`,
)
const passed = run('npx', ['--no-install', 'vitest', 'run', ...(tests.length > 0 ? tests : all)])
process.exitCode = passed ? 0 : 1
