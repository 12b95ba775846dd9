// The build's last step: files that the compiler does not carry over.
import { copyFile } from 'node:fs/promises'

const root = new URL('../packages/longhaul/', import.meta.url)
await copyFile(new URL('src/react/styles.css', root), new URL('dist/react/styles.css', root))
