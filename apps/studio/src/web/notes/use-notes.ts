import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { askStudio } from '../controls/ask-studio.js'

export interface NoteDraft {
  readonly title: string
  readonly body: string
}

export interface Note extends NoteDraft {
  readonly id: string
  readonly author: string
  readonly updatedAt: string
}

const queryKey = ['notes']
const path = '/api/notes'

/** The notes of the organisation, newest first. */
export function useNotes() {
  return useQuery({ queryKey, queryFn: () => askStudio<readonly Note[]>(path) })
}

/** Keep a note: a new one, or one that has an id. */
export function useSaveNote(id?: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (draft: NoteDraft) =>
      id === undefined
        ? askStudio<Note>(path, 'POST', draft)
        : askStudio<Note>(`${path}/${id}`, 'PUT', draft),
    onSuccess: () => cache.invalidateQueries({ queryKey }),
  })
}

export function useRemoveNote(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: () => askStudio<void>(`${path}/${id}`, 'DELETE'),
    onSuccess: () => cache.invalidateQueries({ queryKey }),
  })
}
