'use client'
import { useMutation, type UseMutationResult, useQueryClient } from '@tanstack/react-query'
import type { InputOf, JobTypeName } from '../core/index.js'
import type { CreateJobOptions, Job } from '../client/index.js'
import { useLonghaulClient } from '../react/index.js'
import { jobKey } from './use-job-query.js'

export interface CreateJobVariables<Type extends JobTypeName> {
  readonly input: InputOf<Type>
  readonly options?: CreateJobOptions
}

/** Create a job as a mutation; the job is in the cache when it resolves, for `useJobQuery`. */
export function useCreateJobMutation<Type extends JobTypeName>(
  type: Type,
): UseMutationResult<Job, Error, CreateJobVariables<Type>> {
  const client = useLonghaulClient()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async ({ input, options }: CreateJobVariables<Type>) =>
      (await client.jobs.create(type, input, options)) as Job,
    onSuccess: (job) => {
      // What live delivery has said meanwhile may be newer.
      cache.setQueryData(jobKey(job.id), client.job(job.id).getSnapshot().job ?? job)
    },
  })
}
