import { type Logger, LonghaulError } from '../core/index.js'
import { answerProblem } from '../http/index.js'

/** The answer while the process cannot use its database: the cause is for the log, not for the caller. */
export function answerUnavailable(request: Request, error: unknown, logger: Logger): Response {
  logger.error({ error, path: new URL(request.url).pathname }, 'the API cannot answer yet')
  const shown = new LonghaulError(
    'database_unavailable',
    'The service cannot use its database, so nothing was done. Try again soon.',
  )
  return answerProblem(LonghaulError.is(error, 'closed') ? error : shown, 'none')
}
