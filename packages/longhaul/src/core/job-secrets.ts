/** What whoever enqueued the job gave to its handler alone, such as a user's own key of a provider. */
export interface JobSecrets {
  /**
   * A secret by its name; `undefined` when the job was given none of that name. It is read from the
   * database and opened now, and only for the attempt that runs the job.
   *
   * From then on its text is replaced by `[secret]` in what this attempt stores, shows and logs, if
   * it has at least eight characters. Use it where it is needed, and return it from nowhere.
   *
   * @throws {LonghaulError} `secrets_unavailable` when this process does not have the key that it was sealed with
   */
  get(name: string): Promise<string | undefined>
}
