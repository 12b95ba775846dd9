import { describe, expect, it } from 'vitest'
import { identifyFile } from './identify-file.js'
import { readImageFacts } from './image-facts.js'

/** Each of 7 by 5 pixels, as Chromium writes them; the GIF by hand. */
const images: readonly (readonly [string, string, string])[] = [
  [
    'PNG',
    'image/png',
    'iVBORw0KGgoAAAANSUhEUgAAAAcAAAAFCAYAAACJmvbYAAAAI0lEQVR4AbTJMQ0AAAwCwQY5NVdrdQgKYOOTnw57TzcmVEIBAAD//845IYMAAAAGSURBVAMAHrsQAxxkGdgAAAAASUVORK5CYII=',
  ],
  [
    'JPEG',
    'image/jpeg',
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////2wBDAVVaWnhpeOuCguv/////////////////////////////////////////////////////////////////////////wAARCAAFAAcDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAL/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAA//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AIAIN//Z',
  ],
  ['GIF', 'image/gif', 'R0lGODlhBwAFAPAAACpvsAAAACwAAAAABwAFAAACBoSPqcvtXQA7'],
  [
    'WebP, lossy',
    'image/webp',
    'UklGRjAAAABXRUJQVlA4ICQAAABwAQCdASoHAAUAB0CWJaACdAFAAAD+2ibyOd6VKrri5shvAAA=',
  ],
  ['WebP, lossless', 'image/webp', 'UklGRh4AAABXRUJQVlA4TBEAAAAvBgABAAfQt6oUtv+BiOh/AAA='],
  [
    'WebP with transparency',
    'image/webp',
    'UklGRloAAABXRUJQVlA4WAoAAAAQAAAABgAABAAAQUxQSAwAAAABDzCAERFiDiL6HwdWUDggKAAAAHABAJ0BKgcABQACwEwljALsAUAAAP7oOI4Kc737Ygx25VUePIS4AAA=',
  ],
]

describe('an image', () => {
  it.each(images)('in the format %s says how large it is', (_, mediaType, base64) => {
    expect(readImageFacts(Buffer.from(base64, 'base64'))).toEqual({
      mediaType,
      width: 7,
      height: 5,
    })
  })

  it.each(images)(
    'in the format %s is none wherever it is cut off before that',
    (_, __, base64) => {
      const data = Buffer.from(base64, 'base64')
      const lengths = Array.from({ length: data.length }, (_each, length) => length)
      const known = lengths.filter((length) => readImageFacts(data.subarray(0, length)))
      expect(known[0]).toBeGreaterThanOrEqual(10)
      // Once the size is there, it is the same for more of it.
      expect(known).toEqual(lengths.slice(known[0]))
    },
  )
})

describe('a file', () => {
  it.each([
    ['text', 'Grüße,\n\tBob', 'text/plain'],
    ['markup that draws', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'text/plain'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x41]), undefined],
    ['text with a NUL', 'a\0b', undefined],
  ])('that is %s is taken for what it is', (_, data, mediaType) => {
    expect(identifyFile(Buffer.from(data))?.mediaType).toBe(mediaType)
  })
})
