// A worker process of one system: says every few milliseconds how many jobs it has handled.
import { wallMs } from './harness/clock.mjs'
import { openSystem } from './systems/open-system.mjs'

const task = JSON.parse(process.argv[2])
let handled = 0
let reported = 0
let seen = []
const system = await openSystem(task)
const report = () => {
  if (handled === reported && seen.length === 0) return
  process.send({ handled, seen })
  reported = handled
  seen = []
}
setInterval(report, 5)

process.on('message', (message) => {
  if (message === 'go') {
    void system
      .work((input) => {
        handled += 1
        if (input?.trace !== undefined) seen.push([input.trace, wallMs()])
      })
      .then(() => process.send({ isAtWork: true }))
  }
  if (message === 'stop') leave()
})
process.on('disconnect', () => process.exit())
process.send({ isReady: true })

function leave() {
  setTimeout(() => process.exit(), 2000) // a peer that waits for something does not hold up the rest
  void system.close().finally(() => process.exit())
}
