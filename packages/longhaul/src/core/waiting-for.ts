/**
 * What has to happen before a queued job is run, whose time has come. `worker`: none that is alive has its
 * type in its version. `resume`: its queue is paused, for all or for its tenant. `quarantine`: it was lost
 * with its process twice in a row, and others that were are tried before it.
 */
export type WaitingFor = 'worker' | 'resume' | 'quarantine'
