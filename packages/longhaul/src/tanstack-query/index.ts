'use client'
export { jobKey, useJobQuery, type UseJobQueryOptions } from './use-job-query.js'
export { useCreateJobMutation } from './use-create-job-mutation.js'
export {
  type JobMutationResult,
  useJobMutation,
  type UseJobMutationOptions,
} from './use-job-mutation.js'
