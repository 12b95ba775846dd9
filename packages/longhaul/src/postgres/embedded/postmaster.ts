import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram } from './run-program.js'

/**
 * Whether a server runs on this data directory. A pid file that names a process of another kind
 * (the pid was given out again, as after a container's restart) is cleared away, because Postgres
 * itself would refuse to start over it; one that names no process, Postgres clears itself.
 */
export async function isServerRunning(dataDirectory: string): Promise<boolean> {
  const file = join(dataDirectory, 'postmaster.pid')
  const text = await readFile(file, 'utf8').catch(() => '')
  const pid = text.split('\n')[0]?.trim() ?? ''
  if (pid === '') return false
  const command = await commandOf(pid)
  if (command.includes('postgres')) return true
  if (command !== '') await clearStale(file, text)
  return false
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
