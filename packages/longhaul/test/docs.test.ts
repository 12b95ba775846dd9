import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { errorCodes, transitions } from '../src/core/index.js'
import { openApiDocument, routes } from '../src/http/index.js'
import { version } from '../src/server/version.js'
import { testDatabase } from './database.js'
import { schemaDocument } from './schema-document.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const docs = join(root, 'docs')

const entries = [
  'core/public',
  'server/index',
  'client/index',
  'client/react-native',
  'react/index',
  'tanstack-query/index',
  'ai/index',
  'ai-react/index',
  'ai-server/index',
  'testing/index',
  'transactions/from-pg',
  'transactions/from-postgres-js',
  'transactions/from-drizzle',
  'transactions/from-kysely',
  'transactions/from-prisma',
]

async function markdownFiles(): Promise<string[]> {
  const below = await readdir(docs, { recursive: true })
  const files = below.filter((file) => file.endsWith('.md')).map((file) => join(docs, file))
  const top = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'].map((file) => join(root, file))
  return [...top, ...files]
}

describe('the documents', () => {
  it('explain every error code, and no other', async () => {
    const text = await readFile(join(docs, 'reference/errors.md'), 'utf8')
    const headings = [...text.matchAll(/^### (\w+)$/gm)].map((match) => match[1])
    expect(headings.sort()).toEqual([...errorCodes].sort())
  })

  it('draw the status table as it is', async () => {
    const text = await readFile(join(docs, 'guide/lifecycle.md'), 'utf8')
    const drawn = [...text.matchAll(/^ {2}(\w+) --> (\w+): (\w+)$/gm)].map((match) =>
      match.slice(1, 4).join(' '),
    )
    const real = Object.entries(transitions).flatMap(([from, actions]) =>
      Object.entries(actions).map(([action, to]) => `${from} ${to} ${action}`),
    )
    expect(drawn.sort()).toEqual(real.sort())
  })

  it('name every export of every entry point', async () => {
    const text = await readFile(join(docs, 'reference/api.md'), 'utf8')
    for (const entry of entries) {
      const source = await readFile(join(root, `packages/longhaul/src/${entry}.ts`), 'utf8')
      const names = [...source.matchAll(/export (?:(?:type )?\{([^}]*)\}|function (\w+))/g)]
        .flatMap((match) => (match[1] ?? match[2]!).split(','))
        .map((name) => name.replace('type ', '').trim())
        .filter((name) => name !== '')
      const missing = names.filter((name) => !text.includes(`\`${name}\``))
      expect(missing, `docs/reference/api.md lacks exports of ${entry}`).toEqual([])
    }
  })

  it('link only to what is there', async () => {
    const broken: string[] = []
    for (const file of await markdownFiles()) {
      const text = await readFile(file, 'utf8')
      for (const [, target] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
        if (/^[a-z]+:/.test(target!)) continue
        if (!existsSync(resolve(dirname(file), target!))) broken.push(`${file}: ${target}`)
      }
    }
    expect(broken).toEqual([])
  })

  it('name a test for every requirement, or say that it is not met yet', async () => {
    const text = await readFile(join(docs, 'requirements.md'), 'utf8')
    const rows = [...text.matchAll(/^\| [A-E]\d+ .*$/gm)].map(([row]) => row)
    const unproven = rows.filter((row) => !/\.test\.tsx?\)|not yet|npm run bench/.test(row))
    expect(rows.length).toBeGreaterThan(50)
    expect(unproven).toEqual([])
  })

  it('show code that compiles', { timeout: 300_000 }, async () => {
    const dir = join(root, 'packages/longhaul/.cache/docs')
    await rm(dir, { recursive: true, force: true })
    // Each page by itself: what one declares for all its modules is not there in the next.
    const pages = (
      await Promise.all((await markdownFiles()).map((file) => writeBlocks(file, dir)))
    ).flat()
    for (const page of pages) {
      await writeFile(join(page, 'tsconfig.json'), JSON.stringify(tsconfig))
      const output = await new Promise<string>((done) => {
        execFile('npx', ['--no-install', 'tsc', '-p', page], { cwd: root }, (_error, out) =>
          done(out),
        )
      })
      expect(output, page).toBe('')
    }
  })
})

describe('the derived documents', () => {
  it('describe the API as its routes do', async () => {
    const document = `${JSON.stringify(openApiDocument(routes, version), null, 2)}\n`
    await expect(document).toMatchFileSnapshot(join(docs, 'reference/openapi.json'))
  })

  it('describe the schema as a migrated database has it', async () => {
    await expect(await schemaDocument(await testDatabase())).toMatchFileSnapshot(
      join(docs, 'reference/schema.md'),
    )
  })
})

const tsconfig = {
  extends: '../../../../../tsconfig.base.json',
  compilerOptions: {
    noEmit: true,
    composite: false,
    declarationMap: false,
    isolatedDeclarations: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    noImplicitAny: false,
    skipLibCheck: true,
    allowImportingTsExtensions: false,
    lib: ['es2023', 'dom', 'dom.iterable'],
    types: ['node', 'react'],
    jsx: 'react-jsx',
    // As create-next-app has it, but that a page's files all lie in one folder.
    paths: { '@/lib/*': ['./*.ts'], '@/components/*': ['./*.tsx'] },
  },
  include: ['.'],
}

/**
 * Each page of the documents becomes a folder, and each block a module of it. A block that begins
 * with its file's name is that file for the blocks that import it, in whatever folder; what else a page imports from
 * the app is declared away.
 */
async function writeBlocks(file: string, dir: string): Promise<string[]> {
  const text = await readFile(file, 'utf8')
  const blocks = [...text.matchAll(/^```(tsx?)\n([\s\S]*?)^```/gm)]
  if (blocks.length === 0) return []
  const page = join(dir, file.slice(root.length).replaceAll(/[^\w]+/g, '-'))
  await mkdir(page, { recursive: true })
  const named = new Set<string>()
  for (const [n, [, extension, code]] of blocks.entries()) {
    const name = /^\/\/ (?:\S+\/)?([\w-]+)\.tsx?/.exec(code!)?.[1] ?? `block-${n}`
    named.add(name)
    const wanted = [...code!.matchAll(/from '\.\/([\w-]+)\.js'/g)].map((match) => match[1]!)
    for (const module of wanted.filter((each) => !named.has(each))) {
      named.add(module)
      const imported =
        new RegExp(`import \\{([^}]*)\\} from '\\./${module}\\.js'`).exec(text)?.[1] ?? ''
      const stubs = imported.split(',').map((each) => `export declare const ${each.trim()}: any`)
      await writeFile(join(page, `${module}.ts`), stubs.join('\n'))
    }
    const isModule = /^(import|export) /m.test(code!)
    await writeFile(join(page, `${name}.${extension}`), isModule ? code! : `${code}\nexport {}\n`)
  }
  return [page]
}
