import {
  hasForbiddenCharacter,
  isJobId,
  isName,
  type JobDefinition,
  LonghaulError,
} from '../core/index.js'
import type { JobSelection } from '../postgres/index.js'

/**
 * A filter by a field that no type names would find nothing, today and for ever: that is a mistake of
 * whoever wrote it, and is said. So is a name or an id that no database can be asked for.
 *
 * @throws {LonghaulError} `invalid_input`
 */
export function checkSelection(
  definitions: ReadonlyMap<string, JobDefinition>,
  { input = {}, type, queue = [], tags = [], parent }: JobSelection,
): void {
  if ([...(type ?? []), ...queue, ...tags].some(hasForbiddenCharacter)) throw unaskable()
  if (parent !== undefined && !isJobId(parent.toLowerCase())) throw noParent()
  // No types find nothing, whatever the fields.
  if (type?.length === 0) return
  const types = (type ?? [...definitions.keys()]).flatMap((name) => definitions.get(name) ?? [])
  for (const path of Object.keys(input)) {
    if (types.some(({ filterBy }) => filterBy.includes(path))) continue
    const of =
      type === undefined ? 'No job type of the app' : `None of ${type.filter(isName).join(', ')}`
    throw new LonghaulError(
      'invalid_input',
      `${of} lets jobs be found by this field of their input, so the filter was refused. Name the field in the job type's filterBy.`,
      { issues: [{ pointer: '/input', code: 'unknown_field', message: 'is not in filterBy' }] },
    )
  }
}

function unaskable(): LonghaulError {
  return new LonghaulError(
    'invalid_input',
    'A name in the filter contains U+0000 or half of a surrogate pair, which no name can, so the filter was refused.',
  )
}

function noParent(): LonghaulError {
  return new LonghaulError(
    'invalid_input',
    'The parent in the filter is no id of a job, which is a UUID, so the filter was refused.',
  )
}
