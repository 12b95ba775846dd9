import { connect } from './connect.mjs'

/** A committed NOTIFY from one process to another. */
export async function open({ database, settings }) {
  const [writer, listener] = await Promise.all([connect(database), connect(database)])
  const notify = (channel, text) => writer.query('select pg_notify($1, $2)', [channel, text])
  return {
    settings,
    async enqueue(input) {
      await notify('started', String(input.n))
      return input
    },
    cancel: (input) => notify('stopped', String(input.n)),
    async work(handle) {
      listener.on('notification', ({ channel, payload }) =>
        handle({ trace: `${payload} ${channel}` }),
      )
      await listener.query('listen started; listen stopped')
    },
    close: () => Promise.all([writer.end(), listener.end()]),
  }
}
