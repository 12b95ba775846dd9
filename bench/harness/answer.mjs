// The other side of child.mjs.

/** What this process was started for. */
export const task = JSON.parse(process.argv[2])

/** Says that this process is ready, and answers each question with the function of that name. One that throws ends the process. */
export function answerQuestions(said, answers) {
  process.on('disconnect', () => process.exit())
  const reply = async ({ number, ask, ...question }) => {
    const answer = await { usage, ...answers }[ask](question)
    process.send({ number, answer: answer ?? null })
  }
  process.on('message', (message) => void reply(message))
  process.send({ number: 0, answer: said })
}

function usage() {
  const { user, system } = process.cpuUsage()
  globalThis.gc()
  return { residentBytes: process.memoryUsage.rss(), cpuMs: (user + system) / 1000 }
}
