import { limits } from './limits.js'

/** Job types, queues and tags: lower case, so that no two names look alike. */
export const namePattern: RegExp = /^[a-z0-9][a-z0-9._-]{0,63}$/

export function isName(value: string): boolean {
  return namePattern.test(value)
}

/** How many bytes a text takes in UTF-8. Limits count bytes, because Postgres does. */
export function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    // A surrogate pair is four bytes in two units, any other unit above 0x7ff is three.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return bytes
}

/** Ids of tenants and users come from the app, so they may hold anything printable, up to 64 bytes. */
export function isForeignId(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    !hasForbiddenCharacter(value) &&
    utf8Bytes(value) <= limits.nameBytes
  )
}

// With the `u` flag a whole pair is one character, so only a lone half matches.
const loneSurrogate = /\p{Surrogate}/u

/** U+0000 cannot be stored in Postgres, and half of a surrogate pair is not text. */
export function hasForbiddenCharacter(text: string): boolean {
  return text.includes('\0') || loneSurrogate.test(text)
}
