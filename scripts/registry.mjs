// `npm run registry`: the components as items of a shadcn registry, made from their own source. Each item
// holds all files that it needs; what a component knows comes from `longhaul/react`, so a copy never goes stale.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../packages/longhaul/', import.meta.url))
const react = join(root, 'src/react')
const components = join(react, 'components')
const target = 'components/longhaul'

const items = {
  'status-badge': 'A job’s status in a word and a sign.',
  'progress-tracker': 'A job’s status, progress, time, steps and actions in one card.',
  'compact-progress-tracker': 'A job in a row: for lists, panels and narrow places.',
  'job-list': 'Jobs by status and page by page, with cancel and retry of one or many.',
  'activity-indicator': 'For a header: how many jobs are going on, and a panel with them.',
  'connection-indicator': 'Says when the page is not live, once that has lasted.',
}

/** Where an import leads in the app that takes the copy. A file beside is copied too. */
function resolveImport(specifier, from) {
  if (!specifier.startsWith('.')) return { specifier }
  const file = resolve(dirname(from), specifier)
  if (file.startsWith(components)) {
    const source = file.replace(/\.js$/, '')
    return { specifier: `./${basename(source)}`, source }
  }
  const layer = relative(join(root, 'src'), file).split('/')[0]
  return { specifier: `longhaul/${layer}` }
}

async function readFirst(...files) {
  for (const file of files) {
    const content = await readFile(file, 'utf8').catch(() => undefined)
    if (content !== undefined) return { file, content }
  }
  throw new Error(`None of these is there: ${files.join(', ')}`)
}

/** A component's file and, before it, all that it imports from beside it. */
async function collect(source, files) {
  const { file, content } = await readFirst(`${source}.tsx`, `${source}.ts`)
  if (files.has(basename(file))) return
  const imported = []
  const copy = content.replaceAll(/from '([^']+)'/g, (_, specifier) => {
    const resolved = resolveImport(specifier, file)
    if (resolved.source !== undefined) imported.push(resolved.source)
    return `from '${resolved.specifier}'`
  })
  for (const each of imported) await collect(each, files)
  const merged = mergeImports(copy)
  const sheet = await readFile(`${source}.css`, 'utf8').catch(() => undefined)
  if (sheet !== undefined) files.set(`${basename(source)}.css`, sheet)
  const withSheet = sheet === undefined ? merged : withImport(merged, `./${basename(source)}.css`)
  files.set(basename(file), withSheet)
}

/** What came from many files of ours comes from one module of the package. */
function mergeImports(content) {
  const names = new Map()
  const rest = content.replaceAll(
    /^import (type )?\{([^}]+)\} from '(longhaul\/[^']+)'\n/gm,
    (_, isType, list, specifier) => {
      const known = names.get(specifier) ?? []
      const each = list
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '')
      const marked = each.map((name) =>
        isType && !name.startsWith('type ') ? `type ${name}` : name,
      )
      names.set(specifier, [...known, ...marked])
      return ''
    },
  )
  const imports = [...names].map(
    ([specifier, list]) =>
      `import {\n  ${[...new Set(list)].join(',\n  ')},\n} from '${specifier}'\n`,
  )
  return rest.replace(/^('use client'\n)?/, `$1${imports.join('')}`)
}

function withImport(content, sheet) {
  return content.replace(
    /^'use client'\n/,
    `'use client'\nimport './base.css'\nimport '${sheet}'\n`,
  )
}

export async function buildItem(name) {
  const files = new Map([['base.css', await readFile(join(components, 'base/base.css'), 'utf8')]])
  await collect(join(components, name, name), files)
  return {
    name,
    type: 'registry:component',
    title: name.replaceAll('-', ' '),
    description: items[name],
    dependencies: ['longhaul'],
    files: [...files].map(([file, content]) => ({
      path: `${target}/${file}`,
      type: 'registry:file',
      target: `${target}/${file}`,
      content,
    })),
  }
}

export const names = Object.keys(items)

export async function writeRegistry(dir) {
  await rm(dir, { recursive: true, force: true })
  await mkdir(dir, { recursive: true })
  const write = (name, value) =>
    writeFile(join(dir, `${name}.json`), `${JSON.stringify(value, null, 2)}\n`)
  const built = await Promise.all(names.map(buildItem))
  await Promise.all(
    built.map((item) =>
      write(item.name, {
        $schema: 'https://ui.shadcn.com/schema/registry-item.json',
        ...item,
      }),
    ),
  )
  const withoutContent = built.map(({ files, ...item }) => ({
    ...item,
    files: files.map(({ path, type, target: to }) => ({ path, type, target: to })),
  }))
  await write('registry', {
    $schema: 'https://ui.shadcn.com/schema/registry.json',
    name: 'longhaul',
    homepage: 'https://www.npmjs.com/package/longhaul',
    items: withoutContent,
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeRegistry(join(root, 'registry'))
