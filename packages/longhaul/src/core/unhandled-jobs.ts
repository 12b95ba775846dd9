/** Jobs that are ready, and that no worker will take: none that is alive has their type in this version. */
export interface UnhandledJobs {
  readonly type: string
  readonly version: number
  readonly jobs: number
}
