// Finds a Chromium for the browser tests, or installs Debian's when it may.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fail, run } from './install.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

export function findChromium() {
  const given = process.env.CHROME_PATH
  if (given !== undefined && existsSync(given)) return given
  for (const name of names) {
    const { stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' })
    if (stdout?.trim()) return stdout.trim()
  }
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  return existsSync(mac) ? mac : undefined
}

export function ensureChromium() {
  const found = findChromium()
  if (found !== undefined) return found
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (mayInstall) {
    console.log('Installing Chromium for the browser tests …')
    const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
    run('apt-get', ['update', '-qq'], options)
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      ...options,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  return (
    findChromium() ??
    fail(
      'The browser tests need Chromium, and none was found. Install Chromium or Chrome, or set CHROME_PATH to one.',
    )
  )
}
