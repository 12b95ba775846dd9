export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2
}

/** @returns how many waits there were, their median and the 99th of a hundred, in milliseconds */
export function waits(numbers) {
  if (numbers.length === 0) throw new Error('Nothing came, so nothing could be measured.')
  const sorted = numbers.toSorted((a, b) => a - b)
  const last = Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))
  return { n: sorted.length, p50Ms: median(sorted), p99Ms: sorted[last] }
}
