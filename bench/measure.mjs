// One system, one work, one process: prints a line of JSON.
import { works } from './works.mjs'

const { name, work, database, synchronousCommit } = JSON.parse(process.argv[2])
const { open } = await import(`./systems/${name}.mjs`)
const system = await open({ database, synchronousCommit })
const measured = await works[work]({ system, database })
console.log(JSON.stringify({ system: name, work, ...measured, settings: system.settings }))
await Promise.race([system.close(), new Promise((resolve) => setTimeout(resolve, 3000))])
process.exit(0)
