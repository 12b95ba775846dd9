/** The package as it was before its last migration, built from the repository's history. */
import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from '../../src/postgres/embedded/run-program.js'

export interface PreviousBuild {
  /** Of the commit that added the last migration. */
  readonly commit: string
  /** `upgraded-app.mjs` on that build. */
  readonly app: string
}

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const migrations = 'packages/longhaul/src/postgres/migrations/*.sql'

/** Kept below `.cache`, from where it finds the packages that are installed here. */
export async function buildPrevious(): Promise<PreviousBuild> {
  const commit = await git('log', '-1', '--format=%h', '--diff-filter=A', '--', migrations)
  const place = join(root, '.cache', `before-${commit}`)
  if (!existsSync(place)) await build(commit, place)
  const folder = join(place, 'packages/longhaul/test/chaos')
  for (const file of ['serve.mjs', 'upgraded-app.mjs'])
    await copyFile(new URL(file, import.meta.url), join(folder, file))
  return { commit, app: join(folder, 'upgraded-app.mjs') }
}

async function build(commit: string, place: string): Promise<void> {
  const parent = await git('rev-parse', '--verify', `${commit}^`).catch((cause: unknown) => {
    throw new Error(
      `The commit before ${commit} is not there, so the version before the last migration cannot be built. ` +
        'The clone is shallow: run "git fetch --unshallow" and try again.',
      { cause },
    )
  })
  const unfinished = `${place}.${process.pid}`
  await mkdir(unfinished, { recursive: true })
  const archive = join(unfinished, 'source.tar')
  await git('archive', '--output', archive, parent, 'packages/longhaul', 'tsconfig.base.json')
  await runProgram('tar', ['-xf', archive, '-C', unfinished])
  // Its own mark of a workspace, so that nothing of ours is taken for its own.
  await writeFile(join(unfinished, 'package.json'), '{"private":true}')
  const project = join(unfinished, 'packages/longhaul/tsconfig/server.json')
  await runProgram(process.execPath, [join(root, 'node_modules/.bin/tsc'), '-b', project])
  await rename(unfinished, place).catch(() => rm(unfinished, { recursive: true })) // another was faster
}

async function git(...args: string[]): Promise<string> {
  return (await runProgram('git', ['-C', root, ...args])).trim()
}
