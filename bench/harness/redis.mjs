// A Redis for the systems that need one, on a free port and in a directory of its own.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Redis from 'ioredis'

/** @returns undefined where there is no Redis and none can be installed */
export async function startRedis({ durable }) {
  if (!ensureRedis()) return undefined
  const port = await freePort()
  const directory = await mkdtemp(join(tmpdir(), 'longhaul-bench-redis-'))
  // Without `--durable` Redis fsyncs once a second, which is what it advises; with it, at every write.
  const options = {
    bind: '127.0.0.1',
    port,
    dir: directory,
    save: '',
    appendonly: 'yes',
    appendfsync: durable ? 'always' : 'everysec',
    'maxmemory-policy': 'noeviction',
  }
  const flags = Object.entries(options).flatMap(([key, value]) => [`--${key}`, String(value)])
  const server = spawn('redis-server', flags, { stdio: 'ignore' })
  const admin = new Redis({ port, host: '127.0.0.1' })
  admin.on('error', () => undefined) // until it listens
  const version = /redis_version:(\S+)/.exec(await admin.info('server'))[1]
  return {
    version,
    async fresh() {
      await admin.flushall()
      return { redis: { host: '127.0.0.1', port }, pid: server.pid }
    },
    async stop() {
      admin.disconnect()
      server.kill()
      await new Promise((resolve) => server.once('exit', resolve))
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function ensureRedis() {
  if (isInstalled()) return true
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  console.error('Installing redis-server …')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' })
  execFileSync('apt-get', ['install', '-y', '-qq', 'redis-server'], { env, stdio: 'ignore' })
  return isInstalled()
}

function isInstalled() {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}
