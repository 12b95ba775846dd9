import { limits, replaceForbiddenCharacters } from '../core/index.js'

/** Why somebody cancels, as it can be stored: a cancellation is not to fail for its words. */
export function asReason(given: string | undefined): string | undefined {
  return given === undefined
    ? undefined
    : replaceForbiddenCharacters(given.slice(0, limits.reasonCharacters))
}
