import type { Place, PlaceRole } from './place.js'

/** The places in columns: objects for all 110,000 would take four times the memory. */
export interface PlaceTable {
  readonly size: number
  readonly names: readonly string[]
  readonly latitudes: Float64Array
  readonly longitudes: Float64Array
  readonly populations: Float64Array
  at(index: number): Place
}

const stepsPerDegree = 500
const linesPerSlice = 4000

/**
 * Read the derived file (its format is told in scripts/derive/places.mjs). Gives the event loop a
 * turn after every slice, so that reading it delays nobody's request.
 */
export async function parsePlaceTable(
  text: string,
  nextTurn: () => Promise<void>,
): Promise<PlaceTable> {
  const lines = text.split('\n')
  const names: string[] = []
  const flags: string[] = []
  const landmasses: string[] = []
  const regions: Region[] = []
  const regionOf = new Uint16Array(lines.length)
  const latitudes = new Float64Array(lines.length)
  const longitudes = new Float64Array(lines.length)
  const populations = new Float64Array(lines.length)
  let north = 0
  let east = 0
  let landmass = ''
  for (let n = 0; n < lines.length; n += 1) {
    const line = lines[n]!
    if (n % linesPerSlice === linesPerSlice - 1) await nextTurn()
    const fields = line.split('\t')
    if (line.startsWith('@')) {
      const [country = '', name = '', code = ''] = fields
      regions.push({ country: country.slice(1), name, code })
      north = 0
      east = 0
      continue
    }
    north += Number(fields[1])
    east += Number(fields[2])
    landmass = fields[5] ?? landmass
    const index = names.push(fields[0]!) - 1
    flags.push(fields[4] ?? '')
    landmasses.push(landmass)
    regionOf[index] = regions.length - 1
    latitudes[index] = north / stepsPerDegree
    longitudes[index] = east / stepsPerDegree
    populations[index] = Number(fields[3])
  }
  return {
    size: names.length,
    names,
    latitudes,
    longitudes,
    populations,
    at(index) {
      const region = regions[regionOf[index]!]!
      return {
        name: names[index]!,
        country: region.country,
        region: region.name,
        regionCode: region.code,
        latitude: latitudes[index]!,
        longitude: longitudes[index]!,
        population: populations[index]!,
        role: roles[flags[index]!.replace('c', '')] ?? 'place',
        coastal: flags[index]!.includes('c'),
        landmass: landmasses[index]!,
      }
    },
  }
}

interface Region {
  readonly country: string
  readonly name: string
  readonly code: string
}

const roles: Readonly<Record<string, PlaceRole>> = {
  C: 'capital',
  A: 'region_seat',
  B: 'district_seat',
  D: 'local_seat',
  X: 'quarter',
}
