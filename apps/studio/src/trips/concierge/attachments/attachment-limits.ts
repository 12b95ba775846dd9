export const mostAttachments = 5
export const mostNameCharacters = 120

const mostImageMegabytes = 4
const mostTextKilobytes = 200
export const mostImageBytes = mostImageMegabytes * 1_000_000
export const mostTextBytes = mostTextKilobytes * 1000

/** What may be attached, in words: to be read before and after somebody has tried. */
export const attachable = `PNG, JPEG, GIF and WebP images up to ${mostImageMegabytes} MB and text files up to ${mostTextKilobytes} kB`
