import type { Query } from '../../src/postgres/index.js'
import { type Operation, stepCheckedFirst } from './operations.js'
import type { Rewrite } from './sessions.js'

export const asIs: Rewrite = (query) => query

/** A statement with a mistake in it that somebody could make, and that has to be found. */
export interface Mutant {
  readonly name: string
  /** Where it shows, */
  readonly scenario: string
  /** and in some order of the statements of these. */
  readonly between: readonly [string, string]
  /** In the text of a statement, or in what is done with it. */
  readonly mistake: readonly [RegExp, string] | Operation
}

export const mutants: readonly Mutant[] = [
  {
    name: 'what was noted of its items is counted once more after a batch is retried',
    scenario: 'a cancelled batch of which one item failed',
    between: ['retry the batch', 'count'],
    mistake: [/batch_id = any/, 'batch_id <> all'],
  },
  {
    name: 'an attempt is ended without its fence',
    scenario: 'a job that is under its next claim',
    between: ['step completed', 'complete'],
    mistake: [/job\.fence <> input\.fence/, 'false'],
  },
  {
    name: 'a step is stored without its fence',
    scenario: 'a job that is under its next claim',
    between: ['step completed', 'complete'],
    mistake: [/job\.fence = input\.fence and/, ''],
  },
  {
    name: 'a step is stored without looking at the status',
    scenario: 'a running job',
    between: ['step running', 'complete'],
    mistake: [/job\.fence = input\.fence and job\.status = 'running'/, 'job.fence = input.fence'],
  },
  {
    name: 'a step in a transaction is stored whosever the job is',
    scenario: 'a job that is under its next claim',
    between: ['step in a transaction', 'complete'],
    mistake: [/job\.fence = input\.fence and job\.status = 'running' as held/, 'true as held'],
  },
  {
    name: 'a step in a transaction does not lock the job before it looks whose it is',
    scenario: 'a running job',
    between: ['step in a transaction', 'complete'],
    mistake: [/for no key update of job(?! skip locked)/, ''],
  },
  {
    name: 'a step in a transaction looks first, and not last, whose the job is',
    scenario: 'a running job',
    between: ['step in a transaction', 'complete'],
    mistake: stepCheckedFirst,
  },
  {
    name: 'a finished step is overwritten',
    scenario: 'a running job',
    between: ['step running', 'step completed'],
    mistake: [/where stored\.status <> 'completed'\s+and [^\n]+/, ''],
  },
  {
    name: 'a step that failed is overwritten by its beginning',
    scenario: 'a running job',
    between: ['step running', 'step failed'],
    mistake: [/and \(excluded\.runs, [^\n]+/, ''],
  },
  {
    name: 'a claim makes no new fence',
    scenario: 'a queued job',
    between: ['claim by A', 'claim by B'],
    mistake: [/fence = job\.fence \+ 1/, 'fence = job.fence'],
  },
  {
    name: 'a claim does not count the attempt',
    scenario: 'a queued job',
    between: ['claim by A', 'claim by B'],
    mistake: [/attempt = job\.attempt \+ 1/, 'attempt = job.attempt'],
  },
  {
    name: 'a claim is not recorded for rescue',
    scenario: 'a queued job',
    between: ['claim by A', 'claim by B'],
    mistake: [/having count\(\*\) > 0/, 'having count(*) > 1'],
  },
  {
    name: 'a worker whose lease is over claims',
    scenario: 'a running job of a worker that died',
    between: ['rescue', 'claim by A'],
    mistake: [/and lease_expires_at > now\(\)/, ''],
  },
  {
    name: 'a claim locks nothing, and does not look whether the job is where it was',
    scenario: 'a queued job',
    between: ['claim by A', 'claim by B'],
    mistake: [
      /for update of entry skip locked\s+for no key update of job skip locked([^]*)job\.ctid = due\.job_ctid/,
      '$1job.tenant_id = due.tenant_id and job.id = due.id',
    ],
  },
  {
    name: 'lanes are counted without being locked',
    scenario: 'two jobs of a lane that has room for one',
    between: ['claim from the lane by A', 'claim from the lane by B'],
    mistake: [/for update of lane skip locked/, ''],
  },
  {
    name: 'a job is rescued whatever has become of it',
    scenario: 'a running job of a worker that died',
    between: ['rescue', 'complete'],
    mistake: [/where job\.status = 'running' and job\.worker_id = held\.worker_id/g, ''],
  },
  {
    name: 'a rescued job may be tried once too often',
    scenario: 'a running job of a worker that died, in its last attempt',
    between: ['rescue', 'complete'],
    mistake: [/job\.attempt (<|>=) job\.max_attempts/g, 'job.attempt $1 job.max_attempts + 1'],
  },
  {
    name: 'an attempt of a job whose cancellation was asked for completes it',
    scenario: 'a running job',
    between: ['complete', 'cancel'],
    mistake: [/when job\.cancel_requested_at is not null then 'cancelled'/, ''],
  },
  {
    name: 'a rescue forgets a cancellation',
    scenario: 'a running job of a worker that died',
    between: ['rescue', 'cancel'],
    mistake: [
      /when job\.cancel_requested_at is not null then 'cancelled'\s+when job\.attempt/,
      'when job.attempt',
    ],
  },
  {
    name: 'a job goes to sleep though it was signalled',
    scenario: 'a running job',
    between: ['suspend', 'signal'],
    mistake: [/and not ended\.woken/, ''],
  },
  {
    name: 'a signal, a cancel and a retry do not lock the job first',
    scenario: 'a running job',
    between: ['complete', 'cancel'],
    mistake: [/(where [^\n]+)\s+for update$/, '$1'],
  },
  {
    name: 'a cancelled job stays in the line',
    scenario: 'a queued job',
    between: ['cancel', 'signal'],
    mistake: [/where target\.status <> 'running'/, 'where false'],
  },
  {
    name: 'a settled job is cancelled',
    scenario: 'a running job',
    between: ['complete', 'cancel'],
    mistake: [
      /and target\.status = any\((\$\d+)\)(\s+returning job\.\*)/,
      'and (target.status = any($1)) is not null$2',
    ],
  },
  {
    name: 'a job that is not settled is deleted',
    scenario: 'a queued job',
    between: ['claim by A', 'delete'],
    mistake: [/and target\.over/, ''],
  },
  {
    name: 'a retry keeps the cancellation',
    scenario: 'a running job whose cancellation was asked for and whose grace is over',
    between: ['cut off', 'retry'],
    mistake: [/cancel_requested_at = null/, 'cancel_requested_at = job.cancel_requested_at'],
  },
  {
    name: 'a version is not counted',
    scenario: 'a running job',
    between: ['step running', 'step completed'],
    mistake: [/version = job\.version \+ 1/, 'version = job.version'],
  },
  {
    name: 'a job is promoted and gets no entry',
    scenario: 'a job whose time has come',
    between: ['promote', 'claim by A'],
    mistake: [/where status in \('queued', 'waiting'\) and promote_at is null/, 'where false'],
  },
  {
    name: 'a job spawns though its cancellation was asked for',
    scenario: 'a running job that is about to spawn',
    between: ['spawn', 'cancel all'],
    mistake: [
      /job\.cancel_requested_at is not null as cancel_requested/,
      'false as cancel_requested',
    ],
  },
  {
    name: 'a job goes to wait for a child that has settled',
    scenario: 'a running job whose child has completed',
    between: ['suspend', 'wake'],
    mistake: [
      /(and job\.status) in \('queued', 'running'\) (and not job\.woken)/,
      "$1 = 'queued' $2",
    ],
  },
  {
    name: 'a parent is looked at without being locked',
    scenario: 'a running job whose child has completed',
    between: ['suspend', 'wake'],
    mistake: [/for no key update skip locked$/, ''],
  },
  {
    name: 'children are cancelled without being locked',
    scenario: 'a job that waits for its child',
    between: ['child is rescheduled', 'cancel all'],
    mistake: [/(order by job\.id)\s+for update$/, '$1'],
  },
  {
    name: 'a child that is about to be cancelled is claimed',
    scenario: 'a cancelled job whose child is about to be cancelled',
    between: ['cascade', 'claim by A'],
    mistake: [/and not \(\s*job\.parent_id is not null/, 'and not (false'],
  },
  {
    name: 'a retried job forgets that its child failed',
    scenario: 'a failed job whose child failed',
    between: ['retry all', 'claim by A'],
    mistake: [/where not open\.gone and step\.status = 'failed'/, 'where false'],
  },
  {
    name: 'a batch goes to wait for items that have settled meanwhile',
    scenario: 'a batch that runs and whose retried item has settled',
    between: ['suspend', 'count'],
    mistake: [
      /woken = job\.woken or \(job\.status = 'running' and counted\.is_over\)/,
      'woken = job.woken',
    ],
  },
  {
    name: 'a batch is counted without being locked',
    scenario: 'a batch that runs and whose retried item has settled',
    between: ['suspend', 'count'],
    mistake: [/(from longhaul\.settled_items limit [^;]+)for no key update skip locked$/, '$1'],
  },
  {
    name: 'items are counted for a batch that has settled',
    scenario: 'a batch of which one item failed',
    between: ['cancel the batch', 'count'],
    mistake: [/where job\.finished_at is null(\s+\) as batch_now)/, '$1'],
  },
  {
    name: 'a job that was lost again is ready at once',
    scenario: 'two running jobs that were lost before, of a worker that died',
    between: ['rescue', 'claim by B'],
    mistake: [
      /promote_at = case when fates\.next_status = 'queued' and fates\.is_repeated then [^\n]+ end/,
      'promote_at = null',
    ],
  },
  {
    name: 'a loss counts for each job that it hit',
    scenario: 'two running jobs that were lost before, of a worker that died',
    between: ['rescue', 'cancel the first'],
    mistake: [/not bool_or\(is_repeated\) over company/, 'true'],
  },
  {
    name: 'a job that two claims of its worker name is taken back twice',
    scenario:
      'two running jobs that were lost before, of which a worker that died had claimed one twice',
    between: ['rescue', 'claim by B'],
    mistake: [/select distinct dead\.worker_id/, 'select dead.worker_id'],
  },
  {
    name: 'two are let out at a time',
    scenario: 'two jobs in quarantine',
    between: ['let out', 'let out'],
    mistake: [
      /where other\.lost_with = next\.lost_with and other\.let_out_at is not null/,
      'where false',
    ],
  },
  {
    name: 'who is let out has passed when it begins',
    scenario: 'two jobs in quarantine, one on trial',
    between: ['let out', 'promote'],
    mistake: [
      /job\.status = 'running' and job\.fence = quarantined\.fence \+ 1 as runs/,
      'false as runs',
    ],
  },
  {
    name: 'who was let out and tries again has not passed',
    scenario: 'two jobs in quarantine, one on trial',
    between: ['let out', 'the one on trial is rescheduled'],
    mistake: [
      /job\.status = 'queued' and job\.fence = quarantined\.fence as waits/,
      `job.status = 'queued' as waits`,
    ],
  },
  {
    name: 'nobody knows that who was let out was lost alone',
    scenario: 'two jobs in quarantine, of which the one on trial is lost',
    between: ['rescue', 'let out'],
    mistake: [
      /quarantined\.let_out_at is not null and quarantined\.fence < orphans\.fence as was_out/,
      'false as was_out',
    ],
  },
  {
    name: 'who was lost after it was let out counts as out',
    scenario: 'two jobs in quarantine, of which the one on trial is lost',
    between: ['rescue', 'let out'],
    mistake: [/let_out_at = null, runs_since = null/, 'runs_since = null'],
  },
]

export interface Mistake {
  readonly rewrite: Rewrite
  wasMade(): boolean
}

export function rewriteBy({ mistake }: Mutant): Mistake {
  if (!isText(mistake)) return { rewrite: asIs, wasMade: () => true }
  const [pattern, replacement] = mistake
  let made = false
  return {
    rewrite<Row>(query: Query<Row>): Query<Row> {
      const text = query.text.replace(pattern, replacement)
      made ||= text !== query.text
      return { ...query, text }
    },
    wasMade: () => made,
  }
}

/** An operation that is mistaken itself stands for the one of its name. */
export function mistaken({ mistake }: Mutant, operation: Operation): Operation {
  return isText(mistake) || mistake.name !== operation.name ? operation : mistake
}

function isText(mistake: Mutant['mistake']): mistake is readonly [RegExp, string] {
  return Array.isArray(mistake)
}
