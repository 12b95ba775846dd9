const longestWaitMs = 400

/** Resolves when the page's fonts are there, or after a moment without them. Never rejects. */
export async function loadFonts(): Promise<void> {
  const loaded = ['1em "Inter Variable"', '1em "Fraunces Variable"'].map((font) =>
    document.fonts.load(font),
  )
  const enough = new Promise((resolve) => {
    setTimeout(resolve, longestWaitMs)
  })
  await Promise.race([Promise.allSettled(loaded), enough])
}
