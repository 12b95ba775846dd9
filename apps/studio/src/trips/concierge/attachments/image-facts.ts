/** What the head of an image says of it. The pixels are not looked at. */
export interface ImageFacts {
  readonly mediaType: `image/${'png' | 'jpeg' | 'gif' | 'webp'}`
  readonly width: number
  readonly height: number
}

type Size = readonly [width: number, height: number]

const formats: readonly (readonly [ImageFacts['mediaType'], (data: Buffer) => Size | undefined])[] =
  [
    ['image/png', pngSize],
    ['image/jpeg', jpegSize],
    ['image/gif', gifSize],
    ['image/webp', webpSize],
  ]

/** Nothing for what is no image of these formats, whatever its name says. */
export function readImageFacts(data: Buffer): ImageFacts | undefined {
  for (const [mediaType, sizeOf] of formats) {
    const [width = 0, height = 0] = sizeOf(data) ?? []
    if (width > 0 && height > 0) return { mediaType, width, height }
  }
  return undefined
}

function pngSize(data: Buffer): Size | undefined {
  const isPng = data.length >= 24 && textAt(data, 1, 3) === 'PNG' && textAt(data, 12, 4) === 'IHDR'
  return isPng ? [data.readUInt32BE(16), data.readUInt32BE(20)] : undefined
}

function gifSize(data: Buffer): Size | undefined {
  const isGif = data.length >= 10 && /^GIF8[79]a$/.test(textAt(data, 0, 6))
  return isGif ? [data.readUInt16LE(6), data.readUInt16LE(8)] : undefined
}

/** In the first segment that begins a frame; those before it say how long they are. */
function jpegSize(data: Buffer): Size | undefined {
  if (data.length < 4 || data.readUInt16BE(0) !== 0xffd8) return undefined
  let at = 2
  while (at + 9 <= data.length && data[at] === 0xff) {
    const marker = data[at + 1]!
    const beginsFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (beginsFrame) return [data.readUInt16BE(at + 7), data.readUInt16BE(at + 5)]
    // 0xff before a marker is there to fill.
    at += marker === 0xff ? 1 : 2 + data.readUInt16BE(at + 2)
  }
  return undefined
}

/** The first chunk says how the image is compressed, and so where its size is. */
function webpSize(data: Buffer): Size | undefined {
  if (data.length < 30 || textAt(data, 0, 4) !== 'RIFF' || textAt(data, 8, 4) !== 'WEBP') {
    return undefined
  }
  switch (textAt(data, 12, 4)) {
    case 'VP8X':
      return [data.readUIntLE(24, 3) + 1, data.readUIntLE(27, 3) + 1]
    case 'VP8L': {
      const bits = data.readUInt32LE(21)
      return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1]
    }
    case 'VP8 ':
      return [data.readUInt16LE(26) & 0x3fff, data.readUInt16LE(28) & 0x3fff]
    default:
      return undefined
  }
}

function textAt(data: Buffer, at: number, length: number): string {
  return data.toString('latin1', at, at + length)
}
