/** Ten random bytes or more, from wherever the caller has them. */
export type RandomBytes = Uint8Array

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** A job's id is a UUID in lower case: RFC 9562, versions 1 to 8. */
export function isJobId(value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value)
}

/**
 * A UUID of version 7 (RFC 9562 §5.7): the time in front, so that new rows stand together in an
 * index. Time and randomness are given: React Native has no `crypto` unless an app adds it.
 */
export function uuidV7(nowMs: number, random: RandomBytes): string {
  const time = Math.trunc(nowMs).toString(16).padStart(12, '0')
  let tail = ''
  for (let n = 0; n < 10; n += 1) tail += hex[random[n] ?? 0]!
  const variant = hex[((random[2] ?? 0) & 0x3f) | 0x80]!
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(1, 4)}-${variant}${tail.slice(6, 8)}-${tail.slice(8)}`
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
