/** Ordered partial output of a job: what it has to show before it has its result. */
export interface JobStream {
  /**
   * Add a value: JSON of at most 64 KiB. Returns at once and never waits for the database: the first
   * value goes out immediately, what follows with the next chunk, at most every 50 ms.
   *
   * The value belongs to the step that runs. When the job is tried again, what finished steps have
   * written stays, and everything else is dropped and expected to be written again.
   *
   * After the attempt has ended nothing is written, and nothing fails.
   *
   * @throws {LonghaulError} `not_json`, `payload_too_large` and the others of values that cannot be stored
   * @throws {JobFailure} `stream_overflow` when more than 1 MiB waits for the database: a handler that
   * writes faster than it is stored awaits `flush` now and then; `stream_limit` over 8 MiB or 16 streams in one job
   */
  write(value: unknown): void
  /** Resolves when everything written so far is committed. @throws the attempt's stop reason when the claim is lost */
  flush(): Promise<void>
}

/** The streams of a job: by name, or as it is for the one called `output`. */
export interface JobStreams extends JobStream {
  /** @param name 1 to 64 of a-z, 0-9, ".", "_" and "-" */
  (name: string): JobStream
}

/** The stream that needs no name. */
export const defaultStream = 'output'
