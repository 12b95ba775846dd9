import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Account, runProgram } from './run-program.js'

/** Where one embedded server lives, and under which account. */
export interface Places {
  /** Postgres refuses to run as root: then it runs as `postgres`, or else as `nobody`. */
  readonly account: Account | undefined
  readonly home: string
  readonly dataDirectory: string
  readonly socketDirectory: string
}

// sockaddr_un.sun_path holds 107 bytes, of which ".s.PGSQL.5432.lock" takes 18.
const longestSocketDirectory = 85

export async function findPlaces(base: string): Promise<Places> {
  const account = await findAccount()
  const id = shortHash(resolve(base))
  // The other account cannot reach a directory below, say, /root: such data lives elsewhere.
  const home =
    account !== undefined && !isOpenToAll(base) ? `/var/lib/longhaul/${id}` : resolve(base)
  const near = join(home, 'run')
  return {
    account,
    home,
    dataDirectory: join(home, 'postgres'),
    socketDirectory:
      near.length <= longestSocketDirectory
        ? near
        : `/tmp/longhaul-${process.getuid?.() ?? 0}-${id}`,
  }
}

async function findAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const name = await runProgram('id', ['-u', 'postgres']).then(
    () => 'postgres',
    () => 'nobody',
  )
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => runProgram('id', [flag, name])))
  return { uid: Number(uid), gid: Number(gid) }
}

/** Whether every directory above may be entered by anybody. */
export function isOpenToAll(path: string): boolean {
  for (let place = resolve(path); ; place = dirname(place)) {
    if (existsSync(place) && (statSync(place).mode & 0o001) === 0) return false
    if (place === dirname(place)) return true
  }
}

export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
