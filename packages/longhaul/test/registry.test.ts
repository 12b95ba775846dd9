import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const fixture = join(root, 'packages/longhaul/.cache/registry')
const items = [
  'status-badge',
  'progress-tracker',
  'compact-progress-tracker',
  'job-list',
  'activity-indicator',
  'connection-indicator',
]
const exec = promisify(execFile)

/** No item may need anything from elsewhere: there is no network here. */
const offline = {
  ...process.env,
  https_proxy: 'http://127.0.0.1:9',
  http_proxy: 'http://127.0.0.1:9',
  npm_config_registry: 'http://127.0.0.1:9',
}

async function run(program: string, ...args: string[]): Promise<string> {
  const command = ['--no-install', program, ...args]
  try {
    const { stdout, stderr } = await exec('npx', command, { cwd: fixture, env: offline })
    return stdout + stderr
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${program} failed:\n${stdout}${stderr}`, { cause: error })
  }
}

/** An app on Vite and Tailwind, as `shadcn init` leaves it. */
const app: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'fixture',
    private: true,
    type: 'module',
    dependencies: { longhaul: '*', react: '*', 'react-dom': '*' },
  }),
  'components.json': JSON.stringify({
    style: 'new-york',
    rsc: false,
    tsx: true,
    tailwind: { config: '', css: 'src/index.css', baseColor: '', cssVariables: false },
    aliases: { components: '@/components', utils: '@/lib/utils', ui: '@/components/ui' },
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'es2023',
      module: 'preserve',
      moduleResolution: 'bundler',
      jsx: 'react-jsx',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      lib: ['es2023', 'dom', 'dom.iterable'],
      types: ['react'],
      paths: { '@/*': ['./src/*'] },
    },
    include: ['src'],
  }),
  'vite.config.js': `import tailwindcss from '@tailwindcss/vite'
export default { plugins: [tailwindcss()], resolve: { alias: { '@': '/src' } } }`,
  'index.html': '<div id="root"></div><script type="module" src="/src/main.tsx"></script>',
  'src/index.css': '@import "tailwindcss";',
  'src/css.d.ts': "declare module '*.css'",
  'src/main.tsx': `import './index.css'
import { createRoot } from 'react-dom/client'
import { LonghaulProvider, useJob } from 'longhaul/react'
import { ActivityIndicator } from '@/components/longhaul/activity-indicator'
import { CompactProgressTracker } from '@/components/longhaul/compact-progress-tracker'
import { ConnectionIndicator } from '@/components/longhaul/connection-indicator'
import { JobList } from '@/components/longhaul/job-list'
import { ProgressTracker } from '@/components/longhaul/progress-tracker'
import { StatusBadge } from '@/components/longhaul/status-badge'

function One() {
  const { job } = useJob('0190a1b2-0000-7000-8000-000000000001')
  if (!job) return null
  return <><StatusBadge status={job} /><ProgressTracker job={job} /><CompactProgressTracker job={job} /></>
}

createRoot(document.querySelector('#root')!).render(
  <LonghaulProvider url="/api/longhaul"><ActivityIndicator /><ConnectionIndicator /><JobList /><One /></LonghaulProvider>,
)`,
}

interface Item {
  readonly dependencies: readonly string[]
  readonly files: readonly { readonly path: string; readonly content: string }[]
}

const fileOf = (item: string): string => join(root, `packages/longhaul/registry/${item}.json`)

beforeAll(() => exec('node', ['scripts/registry.mjs'], { cwd: root }))

it.each(items)('holds in %s all that it needs', async (name) => {
  const item = JSON.parse(await readFile(fileOf(name), 'utf8')) as Item
  const paths = new Set(item.files.map(({ path }) => path.replace(/\.tsx?$/, '')))
  const missing = item.files.flatMap(({ content }) =>
    [...content.matchAll(/(?:from|^import) '([^']+)'/gm)]
      .map(([, specifier]) => specifier!)
      .filter((specifier) =>
        specifier.startsWith('./')
          ? !paths.has(`components/longhaul/${specifier.slice(2)}`)
          : !/^(react|longhaul\/(react|client))$/.test(specifier),
      ),
  )
  expect(missing).toEqual([])
  expect(item.dependencies).toEqual(['longhaul'])
})

it(
  'adds to an app by shadcn, without a network, and compiles there',
  { timeout: 180_000 },
  async () => {
    await rm(fixture, { recursive: true, force: true })
    for (const [file, content] of Object.entries(app)) {
      await mkdir(dirname(join(fixture, file)), { recursive: true })
      await writeFile(join(fixture, file), content)
    }
    const added = await run('shadcn', 'add', ...items.map(fileOf), '--yes', '--overwrite')
    for (const item of items) expect(added).toContain(`longhaul/${item}.tsx`)
    await run('tsc', '-p', '.')
    expect(await run('vite', 'build')).toContain('built in')
  },
)
