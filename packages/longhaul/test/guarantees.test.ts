import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cited, root } from './cited.js'

async function promises(): Promise<string[]> {
  const text = await readFile(join(root, 'docs/guarantees.md'), 'utf8')
  return [...text.matchAll(/^\*\*(G-\d\d)\*\*/gm)].map(([, number]) => number!)
}

it('numbers its guarantees in order, and gives no number twice', async () => {
  const numbers = await promises()
  expect(numbers).toEqual([...new Set(numbers)].sort())
})

it('cites each guarantee in the name of a test, and none that is not there', async () => {
  const numbers = (await cited('G-')).map(({ number }) => number)
  expect([...new Set(numbers)].sort()).toEqual(await promises())
})
