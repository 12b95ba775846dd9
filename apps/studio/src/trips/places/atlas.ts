import { readFile } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { parseLand, type Ring } from './land.js'
import { createNameIndex, type NameIndex } from './name-index.js'
import { parsePlaceTable, type PlaceTable } from './place-table.js'

/** Everything that is known of the world. */
export interface Atlas {
  readonly places: PlaceTable
  readonly names: NameIndex
  readonly land: readonly Ring[]
}

const folder = new URL('../../../data/', import.meta.url)
let loading: Promise<Atlas> | undefined

/** Read with the first trip, half a second, and not at the start; kept for the next ones. */
export function loadAtlas(): Promise<Atlas> {
  loading ??= read().catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

async function read(): Promise<Atlas> {
  const [placesText, landText, otherNames] = await Promise.all([
    readCompressed('places.tsv.br'),
    readCompressed('land.txt.br'),
    readFile(new URL('other-names.tsv', folder), 'utf8'),
  ])
  const places = await parsePlaceTable(placesText, nextTurn)
  const names = await createNameIndex(places, otherNames, nextTurn)
  return { places, names, land: await parseLand(landText, nextTurn) }
}

async function readCompressed(name: string): Promise<string> {
  const bytes = await promisify(brotliDecompress)(await readFile(new URL(name, folder)))
  return bytes.toString('utf8')
}
