import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const file = `${root}docs/performance.md`

/** Replaces what stands between `<!-- bench:name -->` and `<!-- /bench:name -->`. */
export function writeSection(name, text) {
  const document = readFileSync(file, 'utf8')
  const [from, to] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`]
  const start = document.indexOf(from)
  const end = document.indexOf(to)
  if (start === -1 || end === -1) throw new Error(`docs/performance.md has no section ${from}.`)
  const section = `${from}\n\n${text}\n\n${to}`
  writeFileSync(file, document.slice(0, start) + section + document.slice(end + to.length))
  execFileSync('npx', ['--no-install', 'oxfmt', file], { cwd: root, stdio: 'inherit' })
}
