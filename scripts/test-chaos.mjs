// `npm run test:chaos`: the long parts of the tests that choose at random or kill processes. Takes the
// paths of tests, as vitest does; without any it runs them all. `--seed 1234` chooses what another run chose.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { buildIfStale } from './build.mjs'
import { checkNode, install, run } from './install.mjs'

checkNode()
install()
buildIfStale()
const { values, positionals } = parseArgs({
  options: { seed: { type: 'string', default: String(randomInt(2 ** 31)) } },
  allowPositionals: true,
})
process.env.LONGHAUL_CHAOS = '1'
process.env.LONGHAUL_SEED = values.seed

const names = [
  'model',
  'interleave',
  'chaos',
  'storm',
  'stream-kills',
  'api-processes',
  'convergence',
  'failover',
  'upgrade',
  'network',
  'crash',
  'embedded-crash',
  'disk',
  'old-snapshot',
]
const all = names.map((name) => `packages/longhaul/test/${name}.test.ts`)
const tests = positionals.length > 0 ? positionals : all
const passed = run('npx', ['--no-install', 'vitest', 'run', ...tests])
console.log(`The same again: npm run test:chaos -- --seed ${values.seed} ${positionals.join(' ')}`)
process.exitCode = passed ? 0 : 1
