import { hasForbiddenCharacter, limits, LonghaulError, utf8Bytes } from '../core/index.js'

/** @throws {LonghaulError} `invalid_header` */
export function readIdempotencyKey(request: Request): string | undefined {
  const key = request.headers.get('idempotency-key')
  if (key === null) return undefined
  const bytes = utf8Bytes(key)
  // oxlint-disable-next-line no-control-regex
  const isText = !/[\u0000-\u001f\u007f]/.test(key) && !hasForbiddenCharacter(key)
  if (bytes > 0 && bytes <= limits.idempotencyKeyBytes && isText) return key
  throw new LonghaulError(
    'invalid_header',
    `The Idempotency-Key must be 1 to ${limits.idempotencyKeyBytes} bytes of text, so nothing was done.`,
  )
}
