import type { TestDatabase } from '../database.js'
import type { ModelJob } from './model.js'

export type View = Pick<
  ModelJob,
  'status' | 'attempt' | 'maxAttempts' | 'attempts' | 'progress' | 'errorCode' | 'result'
> & { readonly steps: Readonly<Record<string, string>> }

/** What there is at one moment. */
export interface Sight {
  /** By id. */
  readonly jobs: Readonly<Record<string, View>>
  readonly children: readonly {
    readonly parent: string
    readonly key: string
    readonly id: string
  }[]
  readonly running: readonly string[]
  readonly quarantined: readonly string[]
  /** How much is about to change by itself. */
  readonly underWay: number
}

export async function look(db: TestDatabase): Promise<Sight> {
  const [row] = await db.query(sight)
  return row as unknown as Sight
}

const sight = `
  select
    coalesce((
      select jsonb_object_agg(job.id, jsonb_build_object(
        'status', status, 'attempt', attempt, 'maxAttempts', max_attempts, 'progress', progress,
        'errorCode', error ->> 'code', 'result', result,
        'attempts', (
          select coalesce(jsonb_agg(jsonb_build_object(
            'attempt', failed.entry -> 'attempt', 'code', failed.entry -> 'error' -> 'code'
          ) order by failed.n), '[]')
          from jsonb_array_elements(attempts) with ordinality as failed(entry, n)
        ),
        'steps', (
          select coalesce(jsonb_object_agg(step.key, step.status || ' ' || step.runs), '{}')
          from longhaul.steps as step
          where step.tenant_id = job.tenant_id and step.job_id = job.id
        )
      ))
      from longhaul.jobs as job
    ), '{}') as jobs,
    coalesce((
      select jsonb_agg(jsonb_build_object('parent', job_id, 'key', key, 'id', child_id))
      from longhaul.steps
      where child_id is not null
    ), '[]') as children,
    array(select id::text from longhaul.jobs where status = 'running' order by id) as running,
    array(
      select job_id || case when let_out_at is null then ' held' else ' out' end
             || case when goes_first then ' first' else '' end
      from longhaul.quarantined_jobs
      order by job_id
    ) as quarantined,
    (
      (select count(*) from longhaul.settled_children) + (select count(*) from longhaul.settled_items)
      + (
        select count(*) from longhaul.ready_jobs
        where exists (select from longhaul.workers where lease_expires_at > now())
      )
    )::int as "underWay"`
