import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../..', import.meta.url))
const folders = ['packages/longhaul/src', 'packages/longhaul/test', 'apps/studio/test']

export interface Citation {
  readonly number: string
  /** From the root. */
  readonly file: string
}

/** The numbers with which names of tests begin: `it('F1, G-05: goes on at the step …')`. A comment cites nothing. */
export async function cited(kind: 'B' | 'F' | 'G-'): Promise<Citation[]> {
  const citations: Citation[] = []
  for (const folder of folders) {
    for (const name of await readdir(join(root, folder), { recursive: true })) {
      if (!/\.test\.tsx?$/.test(name)) continue
      const file = join(folder, name)
      const source = await readFile(join(root, file), 'utf8')
      for (const [, cites] of source.matchAll(
        /^\s*(?:it\b.*|\].*)?['"`]((?:(?:[BF]\d+|G-\d\d), )*(?:[BF]\d+|G-\d\d)): /gm,
      ))
        for (const number of cites!.split(', '))
          if (number.startsWith(kind)) citations.push({ number, file })
    }
  }
  return citations
}
