import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

it('cites each guarantee in a test, and no guarantee that is not there', async () => {
  const text = await readFile(join(root, 'docs/guarantees.md'), 'utf8')
  const promised = new Set([...text.matchAll(/^\*\*(G-\d\d)\*\*/gm)].map((match) => match[1]))
  const cited = new Set<string>()
  for (const folder of ['packages/longhaul/src', 'packages/longhaul/test']) {
    for (const file of await readdir(join(root, folder), { recursive: true })) {
      if (!/\.test\.tsx?$/.test(file) || file.includes('guarantees')) continue
      const source = await readFile(join(root, folder, file), 'utf8')
      for (const [name] of source.matchAll(/\bG-\d\d\b/g)) cited.add(name)
    }
  }
  expect([...cited].sort()).toEqual([...promised].sort())
})
