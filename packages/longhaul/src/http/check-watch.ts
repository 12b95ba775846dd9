import { limits, LonghaulError } from '../core/index.js'
import type { Jobs } from '../engine/index.js'
import type { WatchRequest } from '../protocol/index.js'

/** @throws {LonghaulError} `invalid_input` when a window's filter makes no sense, when windows cannot be told apart, or one connection would follow too much */
export function checkWatch({ watches }: WatchRequest, jobs: Pick<Jobs, 'checkSelection'>): void {
  for (const watch of watches) if ('jobs' in watch) jobs.checkSelection(watch.jobs)
  const streams = watches.filter((watch) => 'stream' in watch)
  if (streams.length > limits.streamsPerConnection) {
    throw new LonghaulError(
      'invalid_input',
      `The watch has ${streams.length} streams, more than the ${limits.streamsPerConnection} that one connection can follow. Watch those that are shown.`,
    )
  }
  const keys = watches.flatMap((watch) => ('key' in watch ? [watch.key] : []))
  if (new Set(keys).size === keys.length) return
  throw new LonghaulError(
    'invalid_input',
    'Two windows of the watch have the same key, so which is which could not be told. Give each its own.',
  )
}
