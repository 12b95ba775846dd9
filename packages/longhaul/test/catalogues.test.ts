import { readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { cited, root } from './cited.js'

interface Row {
  readonly number: string
  /** The tests that it leads to. */
  readonly files: readonly string[]
}

async function listed(page: string, kind: string): Promise<Row[]> {
  const text = await readFile(join(root, page), 'utf8')
  return [...text.matchAll(/^\| ([A-Z]\d+) .*$/gm)].map(([row, number]) => {
    expect(number).toMatch(new RegExp(`^${kind}`))
    return {
      number: number!,
      files: [...row.matchAll(/\]\((\.\.[^)]+)\)/g)].map(([, to]) =>
        relative(root, join(root, dirname(page), to!)),
      ),
    }
  })
}

it.each([
  ['docs/faults.md', 'F'],
  ['docs/bad-input.md', 'B'],
] as const)(
  '%s lists each number once, in order, with the tests of its name and no others',
  async (page, kind) => {
    const rows = await listed(page, kind)
    const numbers = rows.map(({ number }) => Number(number.slice(1)))
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))

    const citations = await cited(kind)
    for (const { number, files } of rows) {
      const made = citations.filter((each) => each.number === number).map(({ file }) => file)
      expect({ number, files: [...files].sort() }).toEqual({
        number,
        files: [...new Set(made)].sort(),
      })
    }
    const all = new Set(rows.map(({ number }) => number))
    expect(citations.filter(({ number }) => !all.has(number))).toEqual([])
  },
)
