// What a hand-made app does to tell of a change: it updates the row, and notifies with what is new.
import { answerQuestions, task } from '../../harness/answer.mjs'
import { rest, wallMs } from '../../harness/clock.mjs'
import { connect } from './connect.mjs'

const client = await connect(task.database)
let changing = []
let due = []
let isFlying = false

answerQuestions(
  {},
  {
    async change({ jobs, everyMs }) {
      const { rows } = await client.query(
        'insert into states (stage) select null from generate_series(1, $1) returning id::text',
        [jobs],
      )
      const ids = rows.map(({ id }) => id)
      changing = ids.map((id) => ({ id, everyMs }))
      for (const each of changing) void changeAgain(each)
      return { ids }
    },
    stop() {
      changing = []
    },
  },
)

async function changeAgain(state) {
  await rest(Math.random() * state.everyMs)
  while (changing.includes(state)) {
    due.push([state.id, String(wallMs())])
    if (!isFlying) void fly()
    await rest(state.everyMs)
  }
}

/** While one statement is in the air the next one fills. */
async function fly() {
  isFlying = true
  while (due.length > 0) {
    const flight = due.splice(0, 100) // a notification holds 8,000 bytes
    await client.query(
      `with news as (select * from unnest($1::int[], $2::text[]) as n (id, stage)),
        changed as (update states set stage = news.stage from news where states.id = news.id)
        select pg_notify('states', $3)`,
      [flight.map(([id]) => id), flight.map(([, stage]) => stage), JSON.stringify(flight)],
    )
  }
  isFlying = false
}
