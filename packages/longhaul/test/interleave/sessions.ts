/**
 * Sessions on a real Postgres that go on one statement at a time, in an order that the test
 * chooses. Each statement, and each commit, is a turn, so what is one statement elsewhere holds its
 * locks here for as long as the others like. Whether a statement waits for another session is asked
 * of Postgres (`pg_blocking_pids`) and not guessed from the time it takes, so the same choices lead to
 * the same run.
 */
import type pg from 'pg'
import {
  type Database,
  ofPgClient,
  type OwnDatabase,
  type Query,
} from '../../src/postgres/index.js'
import type { TestDatabase } from '../database.js'
import type { Choose } from './explore.js'

/** What an engine operation needs of a database. */
export type SessionDatabase = Pick<OwnDatabase, 'run' | 'transaction'>
export type Work = (db: SessionDatabase) => Promise<unknown>
/** Changes statements before they are run: how a broken variant is made. */
export type Rewrite = <Row>(query: Query<Row>) => Query<Row>

interface Session {
  readonly pid: number
  state: 'ready' | 'running' | 'done'
  goOn(): void
  answer: unknown
}

export interface Sessions {
  /** Run these at the same time, in the order of the choices. @returns their answers */
  interleave(works: readonly Work[], rewrite: Rewrite, choose: Choose): Promise<unknown[]>
  /** Run one by itself. */
  runAlone(work: Work, rewrite: Rewrite): Promise<unknown>
}

export async function openSessions(db: TestDatabase, count: number): Promise<Sessions> {
  const clients: { client: pg.Client; pid: number }[] = []
  for (let n = 0; n < count; n += 1) {
    const client = await db.connect()
    await client.query(`set deadlock_timeout = '20ms'; set synchronous_commit = off`)
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    clients.push({ client, pid: rows[0]!.pid })
  }

  async function isBlocked({ pid }: Session): Promise<boolean> {
    const [row] = await db.query('select cardinality(pg_blocking_pids($1)) > 0 as blocked', [pid])
    return row?.['blocked'] === true
  }

  /** Until nobody can go on without a turn, or without somebody who waits for one. */
  async function settle(sessions: readonly Session[]): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve))
      const running = sessions.filter(({ state }) => state === 'running')
      if (running.length === 0) return
      const blocked = await Promise.all(running.map(isBlocked))
      const still = running.filter(({ state }) => state === 'running')
      // With all of them blocked it is a deadlock, which Postgres ends.
      if (
        blocked.every(Boolean) &&
        still.length === running.length &&
        still.length < open(sessions)
      )
        return
    }
  }

  async function interleave(
    works: readonly Work[],
    rewrite: Rewrite,
    choose: Choose,
  ): Promise<unknown[]> {
    const sessions = works.map((work, n) => begin(clients[n]!, work, rewrite))
    for (;;) {
      await settle(sessions)
      const ready = sessions.filter(({ state }) => state === 'ready')
      if (ready.length === 0) return sessions.map(({ answer }) => answer)
      ready[choose(ready.length)]!.goOn()
    }
  }

  return {
    interleave,
    runAlone: async (work, rewrite) => (await interleave([work], rewrite, () => 0))[0],
  }
}

function open(sessions: readonly Session[]): number {
  return sessions.filter(({ state }) => state !== 'done').length
}

function begin(
  { client, pid }: { client: pg.Client; pid: number },
  work: Work,
  rewrite: Rewrite,
): Session {
  const session: Session = { pid, state: 'running', goOn: () => undefined, answer: undefined }

  function turn(): Promise<void> {
    session.state = 'ready'
    return new Promise((resolve) => {
      session.goOn = () => {
        session.state = 'running'
        resolve()
      }
    })
  }

  const plain = ofPgClient(client)
  const inTransaction: Database = {
    async run(query) {
      await turn()
      return plain.run(rewrite(query))
    },
  }
  async function transaction<T>(inside: (tx: Database) => Promise<T>): Promise<T> {
    await client.query('begin')
    try {
      const value = await inside(inTransaction)
      await turn()
      await client.query('commit')
      return value
    } catch (error) {
      await client.query('rollback')
      throw error
    }
  }

  async function runToTheEnd(): Promise<void> {
    session.answer = await work({
      transaction,
      run: (query) => transaction((tx) => tx.run(query)),
    }).catch((error: unknown) => ({ failed: codeOf(error) }))
    session.state = 'done'
  }

  void runToTheEnd() // it cannot fail: what fails is its answer
  return session
}

function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code)) return at.code
  }
  return String(error)
}
