import { readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { cited, root } from './cited.js'

const page = 'docs/faults.md'

interface Fault {
  readonly number: string
  /** The tests that its row leads to. */
  readonly files: readonly string[]
}

async function listed(): Promise<Fault[]> {
  const text = await readFile(join(root, page), 'utf8')
  return [...text.matchAll(/^\| (F\d+) .*$/gm)].map(([row, number]) => ({
    number: number!,
    files: [...row.matchAll(/\]\((\.\.[^)]+)\)/g)].map(([, to]) =>
      relative(root, join(root, dirname(page), to!)),
    ),
  }))
}

it('lists each fault once, in order, with the tests that make it and no others', async () => {
  const faults = await listed()
  const numbers = faults.map(({ number }) => Number(number.slice(1)))
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))

  const citations = await cited('F')
  for (const { number, files } of faults) {
    const made = citations.filter((each) => each.number === number).map(({ file }) => file)
    expect({ number, files: [...files].sort() }).toEqual({
      number,
      files: [...new Set(made)].sort(),
    })
  }
  const all = new Set(faults.map(({ number }) => number))
  expect(citations.filter(({ number }) => !all.has(number))).toEqual([])
})
