import { LonghaulError } from 'longhaul'
import { demoPassword, demoUsers } from '../demo/demo-users.js'
import { type Environment, readEnvironment, StartError } from './environment.js'
import { startStudio, type Studio } from './start-studio.js'

const starting = start()
stopOnSignals(starting)
try {
  const { studio, environment } = await starting
  console.log(welcome(studio, environment))
} catch (error) {
  console.error(isForPeople(error) ? error.message : error)
  process.exit(1)
}

async function start(): Promise<{ studio: Studio; environment: Environment }> {
  const environment = readEnvironment(process.env)
  const { databaseUrl: database, ...options } = environment
  const studio = await startStudio({ ...options, database })
  return { studio, environment }
}

/** The first signal stops in good order, which takes a second or two. The second one stops at once. */
function stopOnSignals(started: Promise<{ studio: Studio }>): void {
  let isStopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(130)
      isStopping = true
      started
        .then(({ studio }) => studio.stop())
        .then(
          () => process.exit(0),
          (error: unknown) => {
            console.error(error)
            process.exit(1)
          },
        )
    })
  }
}

function isForPeople(error: unknown): error is Error {
  return error instanceof StartError || LonghaulError.is(error)
}

function welcome({ url }: Studio, { model }: Environment): string {
  const texts =
    model === undefined
      ? 'by the offline writer (STUDIO_MODEL_URL and STUDIO_MODEL set a language model)'
      : `by the language model ${model.model}`
  return [
    '',
    `  Longhaul Studio   ${url}`,
    `  Sign in as        ${demoUsers.map(({ email }) => email).join(' or ')}`,
    `  Password          ${demoPassword}`,
    `  Texts             ${texts}`,
    '',
    '  Ctrl-C stops it. What is under way goes on at the next start.',
    '',
  ].join('\n')
}
