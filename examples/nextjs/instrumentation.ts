/** Called once when the server starts: from then on this process runs jobs too. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { startWorker } = await import('@/lib/worker')
    await startWorker()
  }
}
