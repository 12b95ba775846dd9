/** Column names only: what is inside a jsonb value belongs to the user. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** "2026-11-22 09:30:00.5+01" as "2026-11-22T08:30:00.500Z". */
export function asRfc3339(text: string): string {
  const offset = /[+-]\d\d(:\d\d)?$/.exec(text)
  const complete = offset !== null && offset[1] === undefined ? `${text}:00` : text
  return new Date(complete.replace(' ', 'T')).toISOString()
}

/** A row that Postgres has made JSON of. Its times are told by their names. */
export function rowOfJson(json: string): unknown {
  const columns = Object.entries(JSON.parse(json) as Record<string, unknown>)
  return Object.fromEntries(
    columns.map(([name, value]) => [
      camelCase(name),
      name.endsWith('_at') && typeof value === 'string' ? asRfc3339(value) : value,
    ]),
  )
}
