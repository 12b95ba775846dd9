import type { Usage } from './ai-proxy.js'
import type { OpenTask, Placed } from './prioritise.js'
import type { SmartGoal } from './smart-goal.js'

/** Whose desk it is. */
export interface Owner {
  readonly tenantId: string
  readonly userId: string
}

/** What somebody has on their desk. A job may do each of these again after a crash: it is then done once all the same. */
export interface Desk {
  openTasks(owner: Owner): Promise<readonly OpenTask[]>
  /** One goal for each job. */
  keepGoal(owner: Owner, jobId: string, goal: SmartGoal): Promise<void>
  /** Tasks that are gone by now are left out. */
  keepOrder(owner: Owner, order: readonly Placed[]): Promise<void>
  /** Count a request and what it took, and say what this month's come to. */
  countRequest(owner: Owner, jobId: string, tokens?: number): Promise<Usage>
}
