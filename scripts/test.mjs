// `npm test`: everything that must hold. Installs what is missing, then runs each check to its end,
// so that one run tells of all that is wrong.
import { buildIfStale } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { checkNode, install, run } from './install.mjs'
import { installExample } from './install-example.mjs'
import { ensurePrograms } from './programs.mjs'

checkNode()
install()
process.env.CHROME_PATH = ensureChromium()
buildIfStale()
ensurePrograms()
installExample('nextjs')
installExample('expo')

const checks = [
  { name: 'types', command: 'tsc -b packages/longhaul apps/studio' },
  { name: 'lint', command: 'oxlint --type-aware --deny-warnings' },
  { name: 'unused code', command: 'knip' },
  { name: 'format', command: 'oxfmt --check' },
  { name: 'package', command: 'publint --strict packages/longhaul' },
  {
    name: 'package types',
    command:
      'attw --pack packages/longhaul --profile esm-only --exclude-entrypoints ./react/styles.css',
  },
  { name: 'client size', command: 'size-limit' },
  { name: 'tests', command: 'vitest run' },
]

const results = checks.map(({ name, command }) => {
  console.log(`\n── ${name}`)
  const begun = performance.now()
  const ok = run('npx', ['--no-install', ...command.split(' ')])
  return { name, ok, seconds: ((performance.now() - begun) / 1000).toFixed(1) }
})

console.log('\n── summary')
for (const { name, ok, seconds } of results)
  console.log(`${ok ? 'passed' : 'FAILED'}  ${name} (${seconds} s)`)
const failed = results.filter(({ ok }) => !ok)
console.log(
  failed.length === 0
    ? '\nEverything holds.'
    : `\nNot everything holds: ${failed.map(({ name }) => name).join(', ')}.`,
)
process.exitCode = failed.length === 0 ? 0 : 1
