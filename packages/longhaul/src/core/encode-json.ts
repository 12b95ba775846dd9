import { LonghaulError } from './errors.js'
import { limits } from './limits.js'
import { hasForbiddenCharacter, utf8Bytes } from './names.js'

export interface EncodeJsonOptions {
  /** What the value is, for messages: "the input of ai_trip_generation". */
  readonly what: string
  /** @defaultValue limits.payloadBytes */
  readonly maxBytes?: number
  /**
   * What to do with U+0000 and lone surrogates, which Postgres cannot store: refuse them (from
   * callers), or replace them by U+FFFD (from handlers, whose finished work would be lost).
   *
   * @defaultValue 'refuse'
   */
  readonly badCharacters?: 'refuse' | 'replace'
  /**
   * What becomes of each text, names of members included.
   *
   * @defaultValue it stays as it is
   */
  readonly redact?: (text: string) => string
}

/**
 * A value as JSON text that Postgres stores and gives back unchanged. `JSON.stringify` alone
 * turns NaN into null, a Map into {} and drops functions; here each is an error that names its path.
 * `undefined` members are left out, as TypeScript's optional fields mean them.
 *
 * @throws {LonghaulError} `not_json`, `too_deep`, `too_complex`, `forbidden_key`, `invalid_character`, `payload_too_large`
 */
export function encodeJson(value: unknown, options: EncodeJsonOptions): string {
  const { what, maxBytes = limits.payloadBytes, badCharacters = 'refuse', redact } = options
  const replace = badCharacters === 'replace'
  const clean = copy(value, { what, replace, redact, keys: 0, open: [], path: [] })
  const text = JSON.stringify(clean)
  const bytes = utf8Bytes(text)
  if (bytes <= maxBytes) return text
  throw new LonghaulError(
    'payload_too_large',
    `${capital(what)} is ${bytes} bytes of JSON, more than the ${maxBytes} allowed. ` +
      'Store large content elsewhere and pass a reference to it.',
  )
}

interface Walk {
  readonly what: string
  readonly replace: boolean
  readonly redact: EncodeJsonOptions['redact']
  keys: number
  /** The objects that contain the current value, to recognise a cycle. */
  readonly open: object[]
  /** Where the current value is. Put into words only when something is wrong with it. */
  readonly path: (string | number)[]
}

function copy(value: unknown, walk: Walk): unknown {
  switch (typeof value) {
    case 'boolean':
      return value
    case 'string':
      return copyText(value, walk)
    case 'number':
      if (Number.isFinite(value)) return value
      return fail(walk, 'not_json', `is ${value}`, 'Use null, or a text.')
    case 'object':
      return value === null ? null : copyObject(value, walk)
    default:
      return fail(walk, 'not_json', `is of type ${typeof value}`, 'Convert it to JSON first.')
  }
}

function copyObject(value: object, walk: Walk): unknown {
  const { open } = walk
  if (open.length >= limits.jsonDepth)
    fail(walk, 'too_deep', `is nested more than ${limits.jsonDepth} deep`, 'Flatten it.')
  if (open.includes(value)) fail(walk, 'not_json', 'contains itself', 'Remove the cycle.')
  open.push(value)
  const result = Array.isArray(value)
    ? value.map((item, n) => copyAt(n, item, walk))
    : copyMembers(value, walk)
  open.pop()
  return result
}

function copyAt(place: string | number, value: unknown, walk: Walk): unknown {
  walk.path.push(place)
  const result = copy(value, walk)
  walk.path.pop()
  return result
}

function copyMembers(value: object, walk: Walk): unknown {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) {
    const kind = value.constructor?.name || 'a class'
    fail(walk, 'not_json', `is an instance of ${kind}`, 'Convert it to plain JSON first.')
  }
  const result: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) result[copyKey(key, walk)] = copyAt(key, member, walk)
  }
  return result
}

function copyKey(key: string, walk: Walk): string {
  if ((walk.keys += 1) > limits.jsonKeys || utf8Bytes(key) > limits.jsonKeyBytes) {
    const why = `has more than ${limits.jsonKeys} members, or one whose name is over ${limits.jsonKeyBytes} bytes`
    fail(walk, 'too_complex', why, 'Store large content elsewhere and pass a reference to it.')
  }
  walk.path.push(key)
  if (key === '__proto__') fail(walk, 'forbidden_key', 'is called __proto__', 'Rename it.')
  const text = copyText(key, walk)
  walk.path.pop()
  return text
}

function copyText(given: string, walk: Walk): string {
  const text = walk.redact === undefined ? given : walk.redact(given)
  if (!hasForbiddenCharacter(text)) return text
  if (walk.replace) return replaceForbiddenCharacters(text)
  const why = 'contains U+0000 or half of a surrogate pair, which cannot be stored'
  return fail(walk, 'invalid_character', why, 'Remove the character.')
}

/** The text with U+FFFD in place of every character that Postgres cannot store. */
export function replaceForbiddenCharacters(text: string): string {
  return text.replaceAll(/\0|\p{Surrogate}/gu, '\uFFFD')
}

export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

function fail(
  { what, path }: Walk,
  code: 'not_json' | 'too_deep' | 'too_complex' | 'forbidden_key' | 'invalid_character',
  problem: string,
  remedy: string,
): never {
  const pointer = path.map((place) => `/${escapePointer(String(place))}`).join('')
  const place = pointer === '' ? capital(what) : `"${pointer}" of ${what}`
  const message = `${place} ${problem}, so it was not stored. ${remedy}`
  throw new LonghaulError(code, message, { issues: [{ pointer, code, message: problem }] })
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
