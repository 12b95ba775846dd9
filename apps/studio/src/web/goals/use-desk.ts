import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Usage } from '../../goals/ai-proxy.js'
import type { AboutProvider } from '../../goals/provider.js'
import type { OpenTask } from '../../goals/prioritise.js'
import type { SmartGoal } from '../../goals/smart-goal.js'
import { askStudio } from '../controls/ask-studio.js'

export const goalsKey = ['smartGoals']
export const tasksKey = ['tasks']
export const usageKey = ['ai-usage']

export interface Goal extends SmartGoal {
  readonly id: string
}

export interface Task extends OpenTask {
  readonly reason: string | null
}

export type TaskDraft = Omit<OpenTask, 'id'>

export function useGoals() {
  return useQuery({ queryKey: goalsKey, queryFn: () => askStudio<readonly Goal[]>('/api/goals') })
}

export function useTasks() {
  return useQuery({ queryKey: tasksKey, queryFn: () => askStudio<readonly Task[]>('/api/tasks') })
}

export function useUsage() {
  return useQuery({ queryKey: usageKey, queryFn: () => askStudio<Usage>('/api/ai/usage') })
}

/** Whom one can ask with a key of one's own; `null` when there is nobody. */
export function useProvider() {
  return useQuery({
    queryKey: ['ai-provider'],
    queryFn: () => askStudio<AboutProvider | null>('/api/ai/provider'),
    staleTime: Infinity,
  })
}

export function useAddTask() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (draft: TaskDraft) => askStudio<Task>('/api/tasks', 'POST', draft),
    async onSuccess() {
      // A first look that is still on its way may have been before the task was there, and would not be repeated.
      await cache.cancelQueries({ queryKey: tasksKey })
      await cache.invalidateQueries({ queryKey: tasksKey })
    },
  })
}

/** Take a goal or a task off the desk. */
export function useRemove(what: 'goals' | 'tasks') {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => askStudio<void>(`/api/${what}/${id}`, 'DELETE'),
    onSuccess: () => cache.invalidateQueries({ queryKey: what === 'goals' ? goalsKey : tasksKey }),
  })
}
