// The back end of the Next.js example is in Python, to show that it can be. Finds one, or installs Debian's when it may.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fail, run } from './install.mjs'

const isThere = () => spawnSync('python3', ['--version']).status === 0

export function ensurePython() {
  if (isThere()) return
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Python for the test of the Next.js example …')
    run('apt-get', ['update', '-qq'])
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'python3'])
  }
  if (!isThere()) fail('The test of the Next.js example needs Python 3 as python3. Install it.')
}
