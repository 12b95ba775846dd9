import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const folders = ['packages/longhaul/src', 'packages/longhaul/test', 'apps/studio/test']

async function promises(): Promise<string[]> {
  const text = await readFile(join(root, 'docs/guarantees.md'), 'utf8')
  return [...text.matchAll(/^\*\*(G-\d\d)\*\*/gm)].map(([, number]) => number!)
}

/** The numbers with which names of tests begin: `it('G-05, G-07: goes on at the step …')`. A comment cites nothing. */
async function cited(): Promise<Set<string>> {
  const numbers = new Set<string>()
  for (const folder of folders) {
    for (const file of await readdir(join(root, folder), { recursive: true })) {
      if (!/\.test\.tsx?$/.test(file)) continue
      const source = await readFile(join(root, folder, file), 'utf8')
      for (const [, cites] of source.matchAll(/^\s*(?:it\b.*\()?['"`]((?:G-\d\d, )*G-\d\d): /gm))
        for (const number of cites!.split(', ')) numbers.add(number)
    }
  }
  return numbers
}

it('numbers its guarantees in order, and gives no number twice', async () => {
  const numbers = await promises()
  expect(numbers).toEqual([...new Set(numbers)].sort())
})

it('cites each guarantee in the name of a test, and none that is not there', async () => {
  expect([...(await cited())].sort()).toEqual(await promises())
})
