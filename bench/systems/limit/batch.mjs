/** Many callers, few statements: while one is in the air the next fills. */
export function createBatch(send) {
  let waiting = []
  let isFlying = false
  async function fly() {
    while (waiting.length > 0) {
      const flight = waiting
      waiting = []
      await send(flight.map(({ value }) => value))
      for (const { resolve } of flight) resolve()
    }
    isFlying = false
  }
  return (value) =>
    new Promise((resolve) => {
      waiting.push({ value, resolve })
      if (isFlying) return
      isFlying = true
      setImmediate(() => void fly())
    })
}
