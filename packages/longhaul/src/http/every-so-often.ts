/** What is to be done again and again, at several paces, by one timer. @returns a function that ends it */
export function everySoOften(
  tasks: readonly (readonly [everyMs: number, task: () => void])[],
): () => void {
  const stepMs = Math.min(...tasks.map(([everyMs]) => everyMs))
  let step = 0
  const timer = setInterval(() => {
    step += 1
    for (const [everyMs, task] of tasks) {
      // Counted and not timed: a timer that is a moment early would leave out a turn.
      if (step % Math.round(everyMs / stepMs) === 0) task()
    }
  }, stepMs)
  return () => clearInterval(timer)
}
