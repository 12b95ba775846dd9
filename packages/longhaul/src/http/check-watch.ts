import { limits, LonghaulError } from '../core/index.js'
import type { WatchRequest, WindowWatch } from '../protocol/index.js'
import type { Services } from './route.js'

/**
 * A watch as it can be followed. A window whose filter makes no sense finds nothing: what else is watched has no
 * part in it.
 *
 * @throws {LonghaulError} `invalid_input` when windows cannot be told apart, or one connection would follow too much
 */
export function checkWatch<Request extends WatchRequest>(
  request: Request,
  services: Pick<Services, 'jobs' | 'logger'>,
): Request {
  const streams = request.watches.filter((watch) => 'stream' in watch)
  if (streams.length > limits.streamsPerConnection) {
    throw new LonghaulError(
      'invalid_input',
      `The watch has ${streams.length} streams, more than the ${limits.streamsPerConnection} that one connection can follow. Watch those that are shown.`,
    )
  }
  const keys = request.watches.flatMap((watch) => ('key' in watch ? [watch.key] : []))
  if (new Set(keys).size < keys.length) {
    throw new LonghaulError(
      'invalid_input',
      'Two windows of the watch have the same key, so which is which could not be told. Give each its own.',
    )
  }
  const watches = request.watches.map((watch) =>
    'jobs' in watch ? possible(watch, services) : watch,
  )
  return { ...request, watches }
}

function possible(
  watch: WindowWatch,
  { jobs, logger }: Pick<Services, 'jobs' | 'logger'>,
): WindowWatch {
  try {
    jobs.checkSelection(watch.jobs)
    return watch
  } catch (error) {
    logger.warn({ error }, 'a list of jobs that is watched finds nothing')
    return { ...watch, jobs: { type: [] } }
  }
}
