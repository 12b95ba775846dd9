// Programs that some tests need: what the Next.js example's back end is written in, and what is put in the way of
// Postgres and of the API. Finds them, or installs Debian's when it may.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fail, run } from './install.mjs'

const programs = [
  { name: 'python3', debian: 'python3', use: 'The test of the Next.js example needs it' },
  { name: 'pgbouncer', debian: 'pgbouncer', use: 'The tests behind a pooler need it' },
  { name: 'nginx', debian: 'nginx', use: 'The tests behind a proxy need it' },
  { name: 'faketime', debian: 'faketime', use: 'The test of a server whose clock is set needs it' },
]

const isThere = ({ name }) => {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }
  return spawnSync('sh', ['-c', `command -v ${name}`], { env }).status === 0
}

export function ensurePrograms() {
  const missing = programs.filter((program) => !isThere(program))
  if (missing.length === 0) return
  const packages = missing.map(({ debian }) => debian)
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`Installing ${packages.join(', ')} for the tests …`)
    const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
    run('apt-get', ['update', '-qq'], options)
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options)
  }
  for (const { name, debian, use } of missing.filter((program) => !isThere(program)))
    fail(`There is no ${name}. ${use}: install ${debian} with apt-get or brew, and run this again.`)
}
