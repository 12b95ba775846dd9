// Writes what is derived from other files and committed: the migrations as a module, so that a
// bundler needs no files beside the code. `npm test` fails when the result is stale.
import { readdir, readFile, writeFile } from 'node:fs/promises'

const root = new URL('../packages/longhaul/', import.meta.url)

export async function migrationsModule() {
  const dir = new URL('src/postgres/migrations/', root)
  const files = (await readdir(dir)).filter((file) => file.endsWith('.sql')).sort()
  const migrations = await Promise.all(
    files.map(async (file) => ({
      number: Number(file.slice(0, 4)),
      name: file.replace(/\.sql$/, ''),
      text: await readFile(new URL(file, dir), 'utf8'),
    })),
  )
  return `// Generated from migrations/*.sql by \`npm run generate\`. Do not edit.
export interface Migration {
  readonly number: number
  readonly name: string
  readonly text: string
}

export const migrations: readonly Migration[] = ${JSON.stringify(migrations, null, 2)}
`
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  await writeFile(new URL('src/postgres/migrations.ts', root), await migrationsModule())
}
