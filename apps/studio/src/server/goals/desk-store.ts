import type pg from 'pg'
import { z } from 'zod'
import type { Usage } from '../../goals/ai-proxy.js'
import type { Desk, Owner } from '../../goals/desk.js'
import type { OpenTask } from '../../goals/prioritise.js'
import type { SmartGoal } from '../../goals/smart-goal.js'

export interface Goal extends SmartGoal {
  readonly id: string
}

export interface Task extends OpenTask {
  /** Why it stands where it does; nothing while it was not put in order. */
  readonly reason: string | null
}

export const taskDraft = z.strictObject({
  title: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine((value) => !value.includes('\0')),
  dueOn: z.iso.date().nullable(),
  minutes: z.number().int().min(1).max(10_000).nullable(),
})

export type TaskDraft = z.infer<typeof taskDraft>

/** The desk of one person in one organisation, as that person's pages see it. */
export interface DeskStore extends Desk {
  goals(owner: Owner): Promise<readonly Goal[]>
  removeGoal(owner: Owner, id: string): Promise<boolean>
  tasks(owner: Owner): Promise<readonly Task[]>
  addTask(owner: Owner, draft: TaskDraft): Promise<Task>
  removeTask(owner: Owner, id: string): Promise<boolean>
  usage(owner: Owner): Promise<Usage>
}

const most = 200
const mine = 'tenant_id = $1 and user_id = $2'
const taskColumns = `id, title, to_char(due_on, 'YYYY-MM-DD') as "dueOn", minutes, reason`

export function createDeskStore(pool: pg.Pool): DeskStore {
  async function query<Row extends pg.QueryResultRow>(
    sql: string,
    { tenantId, userId }: Owner,
    ...values: readonly unknown[]
  ): Promise<Row[]> {
    return (await pool.query<Row>(sql, [tenantId, userId, ...values])).rows
  }
  async function remove(
    table: 'goals' | 'tasks',
    id: 'job_id' | 'id',
    owner: Owner,
    value: string,
  ): Promise<boolean> {
    const sql = `delete from studio.${table} where ${mine} and ${id} = $3 returning ${id}`
    return (await query(sql, owner, value)).length > 0
  }

  const store: DeskStore = {
    async goals(owner) {
      const rows = await query<{ id: string; goal: SmartGoal }>(
        `select job_id as id, goal from studio.goals where ${mine} order by created_at desc, job_id limit ${most}`,
        owner,
      )
      return rows.map(({ id, goal }) => ({ id, ...goal }))
    },
    removeGoal: (owner, id) => remove('goals', 'job_id', owner, id),
    tasks: (owner) =>
      query(
        `select ${taskColumns} from studio.tasks where ${mine} order by place nulls last, created_at, id limit ${most}`,
        owner,
      ),
    async addTask(owner, { title, dueOn, minutes }) {
      const [task] = await query<pg.QueryResultRow & Task>(
        `insert into studio.tasks (tenant_id, user_id, title, due_on, minutes) values ($1, $2, $3, $4, $5) returning ${taskColumns}`,
        owner,
        title,
        dueOn,
        minutes,
      )
      return task!
    },
    removeTask: (owner, id) => remove('tasks', 'id', owner, id),
    async usage(owner) {
      const [usage] = await query<pg.QueryResultRow & Usage>(
        `select count(*)::integer as requests, coalesce(sum(tokens), 0)::integer as tokens
         from studio.ai_requests where ${mine} and asked_at >= date_trunc('month', now(), 'UTC')`,
        owner,
      )
      return usage!
    },
    openTasks: (owner) => store.tasks(owner),
    async keepGoal(owner, jobId, goal) {
      await query(
        'insert into studio.goals (tenant_id, user_id, job_id, goal) values ($1, $2, $3, $4) on conflict do nothing',
        owner,
        jobId,
        JSON.stringify(goal),
      )
    },
    async keepOrder(owner, order) {
      await query(
        `update studio.tasks task set place = sorted.place, reason = sorted.reason
         from unnest($3::uuid[], $4::text[]) with ordinality as sorted (id, reason, place)
         where ${mine} and task.id = sorted.id`,
        owner,
        order.map(({ id }) => id),
        order.map(({ reason }) => reason),
      )
    },
    async countRequest(owner, jobId, tokens = 0) {
      // The job may count what it took before the request of it was counted.
      await query(
        `insert into studio.ai_requests as counted (tenant_id, user_id, job_id, tokens) values ($1, $2, $3, $4)
         on conflict (tenant_id, user_id, job_id) do update set tokens = greatest(counted.tokens, excluded.tokens)`,
        owner,
        jobId,
        tokens,
      )
      return store.usage(owner)
    },
  }
  return store
}
