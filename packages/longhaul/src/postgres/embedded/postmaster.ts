import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Places } from './places.js'
import { runProgram } from './run-program.js'

/**
 * Whether a server runs on this data directory. A pid file or a lock of the socket that names a process of another kind
 * (the pid was given out again, as after a container's restart) is cleared away, because Postgres
 * itself would refuse to start over it, and so is one of a process that has ended where nobody reaps,
 * as in a container whose first process is Node. One that names no process, Postgres clears itself.
 */
export async function isServerRunning({
  dataDirectory,
  socketDirectory,
}: Pick<Places, 'dataDirectory' | 'socketDirectory'>): Promise<boolean> {
  if (await isHeld(pidFile(dataDirectory))) return true
  // What a dead server left of its socket is cleared too. A living one has the pid file as well.
  await isHeld(join(socketDirectory, '.s.PGSQL.5432.lock'))
  return false
}

async function isHeld(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const pid = pidIn(text)
  if (pid === '') return false
  const command = await commandOf(pid)
  if (command.includes('postgres')) return true
  // Without a command, and yet there: it has ended, and nobody has asked for its end.
  if (command !== '' || isThere(pid)) await clearStale(file, text)
  return false
}

/**
 * Stop the server and resolve when it is gone. Not by `pg_ctl stop`: somebody may start the next
 * server at that very moment, and it would go on waiting for that one to end.
 */
export async function stopServer(dataDirectory: string): Promise<void> {
  const readPid = async (): Promise<string> =>
    pidIn(await readFile(pidFile(dataDirectory), 'utf8').catch(() => ''))
  const pid = await readPid()
  if (pid === '') return
  process.kill(Number(pid), 'SIGINT') // a fast shutdown: sessions end, data is flushed
  // The server removes the file as the last thing it does. Its process may stay as a zombie where nobody reaps.
  while ((await readPid()) === pid && isThere(pid)) await delay(10)
}

function isThere(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0)
  } catch {
    return false
  }
}

function pidFile(dataDirectory: string): string {
  return join(dataDirectory, 'postmaster.pid')
}

function pidIn(text: string): string {
  return text.split('\n')[0]?.trim() ?? ''
}

function commandOf(pid: string): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8')
    .catch(() => runProgram('ps', ['-o', 'command=', '-p', pid]))
    .catch(() => '')
}

/** Moved away first and looked at again: a rival may have started a server in between. */
async function clearStale(file: string, text: string): Promise<void> {
  const aside = `${file}.${process.pid}`
  const moved = await rename(file, aside).then(
    () => true,
    () => false,
  )
  if (!moved) return
  const isStale = (await readFile(aside, 'utf8')) === text
  await (isStale ? rm(aside) : rename(aside, file))
}
