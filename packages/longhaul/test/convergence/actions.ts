/** What can happen, in any order. */
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { sql } from '../../src/postgres/index.js'
import { ada } from '../database.js'
import type { TabKind } from './tabs.js'
import type { Passage } from './wire.js'
import { allow, owners, type Script, windows, type World } from './world.js'

export interface Action {
  readonly name: string
  happen(world: World): Promise<unknown> | void
}

function action(name: string, happen: Action['happen']): Action {
  return { name, happen, toString: () => name } as Action
}

const nth = fc.nat(11)
const script = fc.record<Script>({
  acts: fc.array(
    fc.constantFrom<Script['acts'][number]>('progress', 'write', 'write in a step', 'pause'),
    { maxLength: 8 },
  ),
  end: fc.constantFrom<Script['end']>(
    'complete',
    'complete with much',
    'fail',
    'fail once',
    'never',
  ),
})

const refusals = ['job_not_found', 'invalid_state', 'job_not_settled'] as const
/** A tab may be offline, or its server away; then nobody knows. */
const noAnswers = [...refusals, 'database_unavailable', 'id_taken', 'idempotency_mismatch'] as const

const create = fc
  .tuple(nth, script, fc.constantFrom(...owners))
  .map(([n, acts, owner]) =>
    action(`${owner.userId} creates ${n}: ${JSON.stringify(acts)}`, (world) =>
      world.create(n, acts, owner),
    ),
  )

const acts = fc.constantFrom('cancel', 'retry', 'delete')
const act = fc.tuple(acts, nth).map(([what, n]) =>
  action(`${what} ${n}`, ({ engine: { jobs }, ...world }) => {
    const id = world.id(n)
    if (what === 'cancel') return allow(refusals, jobs.cancel({ principal: ada, id }))
    if (what === 'retry') return allow(refusals, jobs.retry(ada, id))
    return allow(refusals, jobs.delete(ada, id))
  }),
)

/** Through a tab, which shows what it asks for at once. Nobody waits for the answer. */
const createInTab = fc.tuple(nth, nth, script).map(([t, n, input]) =>
  action(`tab ${t} creates ${n}: ${JSON.stringify(input)}`, (world) => {
    const creating = world
      .tab(t)
      .client.jobs.create('scripted' as never, input as never, { id: world.id(n) })
    creating.catch(() => undefined)
  }),
)
const actInTab = fc.tuple(nth, acts, nth).map(([t, what, n]) =>
  action(`tab ${t}: ${what} ${n}`, (world) => {
    const { jobs } = world.tab(t).client
    const id = world.id(n)
    const asked: Promise<unknown> =
      what === 'cancel' ? jobs.cancel(id) : what === 'retry' ? jobs.retry(id) : jobs.delete(id)
    allow(noAnswers, asked).catch(() => undefined)
  }),
)

/** As retention does, without a hint. */
const vanish = nth.map((n) =>
  action(`${n} vanishes`, (world) =>
    world.engine.db.run(
      sql`delete from longhaul.jobs where id = ${world.id(n)} and finished_at is not null`,
    ),
  ),
)

const look = fc.tuple(nth, fc.nat(9), nth).map(([t, what, n]) =>
  action(`tab ${t} toggles ${what} ${n}`, (world) => {
    const id = world.id(n)
    const looked =
      what < 4
        ? ({ at: 'job', id } as const)
        : what < 7
          ? ({ at: 'stream', id } as const)
          : windows[n % windows.length]!
    world.tab(t).toggle(looked)
  }),
)

const kinds = fc.constantFrom<TabKind>('shared', 'shared', 'alone', 'polling')
const openTab = kinds.map((kind) => action(`a tab opens, ${kind}`, (world) => world.open(kind)))
const crashTab = nth.map((n) => action(`tab ${n} crashes`, (world) => world.crash(n)))

const passages = fc.constantFrom<Passage>(
  'everything',
  'everything',
  'streams',
  'requests',
  'nothing',
)
const allowPassage = fc
  .tuple(nth, passages)
  .map(([t, what]) =>
    action(`tab ${t} gets through: ${what}`, (world) => world.tab(t).wire.allow(what)),
  )
const trouble = fc
  .tuple(nth, fc.constantFrom('cut', 'silence', 'hold', 'release', 'lose answers', 'wake up'))
  .map(([t, what]) =>
    action(`tab ${t}: ${what}`, (world) => {
      const { wire, wakeUp } = world.tab(t)
      if (what === 'cut') wire.cut()
      if (what === 'silence') wire.silence()
      if (what === 'hold') wire.hold(true)
      if (what === 'release') wire.hold(false)
      if (what === 'lose answers') wire.loseAnswers(2)
      if (what === 'wake up') wakeUp()
    }),
  )

const stopServer = fc
  .tuple(nth, fc.constantFrom('kindly', 'at once'))
  .map(([n, how]) => action(`server ${n} stops ${how}`, (world) => world.servers.stop(n, how)))
const startServer = nth.map((n) => action(`server ${n} starts`, (world) => world.servers.start(n)))
const loseHints = fc
  .tuple(nth, fc.constantFrom(1, 2, 1_000_000))
  .map(([n, count]) =>
    action(`server ${n} hears one hint in ${count}`, (world) =>
      world.servers.takeOneHintOf(n, count),
    ),
  )
const failOver = fc.constant(action('a standby takes over', (world) => world.failOver()))
const pause = fc.nat(150).map((ms) => action(`${ms} ms pass`, () => delay(ms)))

const weighted = (weight: number, arbitrary: fc.Arbitrary<Action>) => ({ weight, arbitrary })

export const anyAction: fc.Arbitrary<Action> = fc.oneof(
  weighted(8, create),
  weighted(5, act),
  weighted(4, createInTab),
  weighted(4, actInTab),
  weighted(2, vanish),
  weighted(10, look),
  weighted(2, openTab),
  weighted(1, crashTab),
  weighted(4, allowPassage),
  weighted(6, trouble),
  weighted(2, stopServer),
  weighted(3, startServer),
  weighted(2, loseHints),
  weighted(1, failOver),
  weighted(8, pause),
)
