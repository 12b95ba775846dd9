// The build's last step: files that the compiler does not carry over.
import { copyFile, writeFile } from 'node:fs/promises'

const root = new URL('../packages/longhaul/', import.meta.url)
await copyFile(new URL('src/react/styles.css', root), new URL('dist/react/styles.css', root))
// Importing the sheet for its effect needs a declaration where no bundler's types declare all CSS.
await writeFile(new URL('dist/react/styles.css.d.ts', root), 'export {}\n')
