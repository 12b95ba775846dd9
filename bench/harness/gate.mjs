/**
 * The ratios that fell out of the spread that was recorded. Ratios and not figures: another machine
 * is faster or slower for all systems alike.
 */
export function fallenRatios(now, recorded) {
  return now.flatMap((ratio) => {
    const before = recorded.find(
      ({ work, against }) => work === ratio.work && against === ratio.against,
    )
    if (before === undefined || ratio.median >= before.lowest) return []
    return [
      `${ratio.work}: ${ratio.median.toFixed(2)} times ${ratio.against}, ` +
        `recorded was ${before.median.toFixed(2)} (${before.lowest.toFixed(2)}–${before.highest.toFixed(2)})`,
    ]
  })
}
