import { LonghaulError } from 'longhaul'
import { offlineWriter } from '../trips/writing/offline-writer.js'
import type { Writer } from '../trips/writing/writer.js'
import { demoPassword, demoUsers } from '../demo/demo-users.js'
import { type Environment, readEnvironment, StartError } from './environment.js'
import { startStudio, type Studio } from './start-studio.js'

const starting = start()
stopOnSignals(starting)
try {
  const { studio, writer } = await starting
  console.log(welcome(studio, writer))
} catch (error) {
  console.error(isForPeople(error) ? error.message : error)
  process.exit(1)
}

async function start(): Promise<{ studio: Studio; writer: Writer }> {
  const environment = readEnvironment(process.env)
  const { port, dataDirectory, databaseUrl } = environment
  const writer = await chooseWriter(environment)
  const studio = await startStudio({ port, dataDirectory, database: databaseUrl, writer })
  return { studio, writer }
}

async function chooseWriter({ model }: Environment): Promise<Writer> {
  if (model === undefined) return offlineWriter
  // Only now: without a model there is no reason to wait for its libraries.
  const { createModelWriter } = await import('../trips/writing/model-writer.js')
  return createModelWriter(model)
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

function welcome({ url }: Studio, { about }: Writer): string {
  const texts =
    about.kind === 'model'
      ? `by the language model ${about.model}`
      : 'by the offline writer (STUDIO_MODEL_URL and STUDIO_MODEL set a language model)'
  return [
    '',
    `  Longhaul Studio   ${url}`,
    `  Sign in as        ${demoUsers.map(({ email }) => email).join(' or ')}`,
    `  Password          ${demoPassword}`,
    `  Texts             ${texts}`,
    '',
    '  Ctrl-C stops it. Trips that are under way go on at the next start.',
    '',
  ].join('\n')
}
