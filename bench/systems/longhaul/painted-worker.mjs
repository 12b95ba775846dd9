import { answerQuestions, task } from '../../harness/answer.mjs'
import { openReporting } from './open-app.mjs'

const app = await openReporting({ ...task, settings: { concurrency: 1 } })
answerQuestions({}, { work: () => void app.work() })
