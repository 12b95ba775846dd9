// The build's last step: what the compiler does not carry over. The components' sheets become one.
import { readFile, writeFile } from 'node:fs/promises'

const root = new URL('../packages/longhaul/', import.meta.url)

export async function styles(file = new URL('src/react/styles.css', root)) {
  const parts = (await readFile(file, 'utf8')).split(/^@import '(.+)';\n/m)
  const texts = parts.map((part, n) => (n % 2 === 0 ? part : styles(new URL(part, file))))
  return (await Promise.all(texts)).join('')
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  await writeFile(new URL('dist/react/styles.css', root), await styles())
  // Importing the sheet for its effect needs a declaration where no bundler's types declare all CSS.
  await writeFile(new URL('dist/react/styles.css.d.ts', root), 'export {}\n')
}
