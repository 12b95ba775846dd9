// Derives apps/studio/data from three published packages of open data: `npm run derive-data -w apps/studio`.
// The files it writes are committed, so the app itself needs none of these packages.
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { constants, brotliCompressSync } from 'node:zlib'
import { createCoast } from './derive/coast.mjs'
import { encodeLand, landRings } from './derive/land.mjs'
import { encodePlaces } from './derive/places.mjs'
import { installSources } from './derive/sources.mjs'

const studio = join(dirname(fileURLToPath(import.meta.url)), '..')
const { cities, regions, land } = await installSources(join(studio, '.cache', 'sources'))

const rings = landRings(land)
write('places.tsv.br', encodePlaces({ cities, regions, coast: createCoast(rings) }))
write('land.txt.br', encodeLand(rings))

function write(name, text) {
  const compressed = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text),
    },
  })
  writeFileSync(join(studio, 'data', name), compressed)
  console.log(`${name}: ${text.split('\n').length} lines, ${compressed.length} bytes`)
}
