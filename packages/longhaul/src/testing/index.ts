export type { InlineProgress, InlineStep } from './inline-record.js'
export type { InlineJob } from './inline-job.js'
export { type InlineOptions, runInline } from './run-inline.js'
export { startTestDatabase, type TestDatabase } from './test-database.js'
