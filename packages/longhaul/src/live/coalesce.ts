/**
 * Do `work` at once when asked, then at most once in `intervalMs`, and never twice at a time. What
 * is asked for meanwhile is one further time.
 */
export function coalesce(intervalMs: number, work: () => Promise<void>): () => void {
  let asked = false
  let busy = false

  async function run(): Promise<void> {
    busy = true
    while (asked) {
      asked = false
      const pause = new Promise((resolve) => {
        setTimeout(resolve, intervalMs)
      })
      await work()
      await pause
    }
    busy = false
  }

  return () => {
    asked = true
    if (!busy) void run()
  }
}
