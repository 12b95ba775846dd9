import {
  type ErrorCode,
  escapePointer,
  hasForbiddenCharacter,
  limits,
  LonghaulError,
  utf8Bytes,
} from '../core/index.js'

/**
 * Look over JSON text that was UTF-8: what `JSON.parse` would accept and quietly change (large
 * integers, 1e400, a second member of the same name), what would be dangerous later (`__proto__`,
 * great depth) or what Postgres cannot store (U+0000) is refused with its place.
 *
 * @throws {LonghaulError} `invalid_json`, `too_deep`, `too_complex`, `forbidden_key`, `duplicate_key`, `unsafe_number`, `invalid_character`
 */
export function parseJsonText(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new LonghaulError('invalid_json', notJson, { cause: error })
  }
  scan(text)
  return value
}

const notJson =
  'The request body is not one JSON document in UTF-8, so it was not read. Send JSON without a byte order mark.'

// Strings, numbers and the punctuation between them. The string's own form (no alternation inside
// the loop) keeps the expression linear.
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[{}[\],:]/gs

/** How deep in a request one of many jobs is, and so how much deeper than what it carries: `{jobs: [{`. */
const itemDepth = 3

/** Where the scan is: an object with the names it has seen, or an array with its position. */
interface Open {
  readonly names: Set<string> | undefined
  /** Of an object: the member it is in. Before the next name it is in none. */
  place: string | undefined
  index: number
}

function scan(text: string): void {
  const open: Open[] = []
  let keys = 0
  let last = ''
  for (const [part] of text.matchAll(token)) {
    const inside = open.at(-1)
    switch (part[0]) {
      case '{':
      case '[':
        open.push({ names: part === '{' ? new Set() : undefined, place: undefined, index: 0 })
        // Each of many jobs has its own members. What one value has is counted exactly when it is encoded.
        if (open.length === itemDepth) keys = 0
        if (open.length > limits.jsonDepth + itemDepth) {
          refuse('too_deep', open, `is nested more than ${limits.jsonDepth} deep`)
        }
        break
      case '}':
      case ']':
        open.pop()
        break
      case ',':
        if (inside === undefined) break
        inside.index += 1
        inside.place = undefined
        break
      case ':':
        keys += 1
        checkName(JSON.parse(last) as string, open, keys)
        break
      case '"':
        checkText(part, open)
        last = part
        break
      default:
        checkNumber(part, open)
    }
  }
}

function checkName(name: string, open: Open[], keys: number): void {
  const inside = open.at(-1)!
  inside.place = name
  if (name === '__proto__') refuse('forbidden_key', open, 'is called __proto__')
  if (keys > limits.jsonKeys)
    refuse('too_complex', open, `is member number ${keys}; ${limits.jsonKeys} are allowed`)
  if (utf8Bytes(name) > limits.jsonKeyBytes) {
    refuse('too_complex', [], `has a member whose name is over ${limits.jsonKeyBytes} bytes`)
  }
  // Inside a payload the last of two wins, as in Postgres; in our own envelope it is a mistake.
  if (open.length === 1 && inside.names?.has(name) === true)
    refuse('duplicate_key', open, 'is there twice')
  inside.names?.add(name)
}

/** Only an escape can be such a character: in UTF-8 there is no half of a pair, and in JSON no bare U+0000. */
function checkText(part: string, open: readonly Open[]): void {
  if (!part.includes('\\u') || !hasForbiddenCharacter(JSON.parse(part) as string)) return
  refuse(
    'invalid_character',
    open,
    'contains U+0000 or half of a surrogate pair, which cannot be stored',
  )
}

function checkNumber(part: string, open: readonly Open[]): void {
  const value = Number(part)
  const isInteger = /^-?\d+$/.test(part)
  if (!Number.isFinite(value))
    refuse('unsafe_number', open, 'is too large for a number of JavaScript')
  if (isInteger && !Number.isSafeInteger(value)) {
    refuse(
      'unsafe_number',
      open,
      'is an integer beyond 2^53, which JavaScript would round; send it as a text',
    )
  }
}

function refuse(code: ErrorCode, open: readonly Open[], problem: string): never {
  const pointer = open
    .map(({ names, place, index }) => {
      if (names === undefined) return `/${index}`
      return place === undefined ? '' : `/${escapePointer(place)}`
    })
    .join('')
  // A pointer of thousands of characters would make the answer as large as the request.
  const where = pointer.length > 200 ? `${pointer.slice(0, 200)}…` : pointer
  throw new LonghaulError(code, `The body was refused: ${where || 'it'} ${problem}.`, {
    issues: [{ pointer: where, code, message: problem }],
  })
}
