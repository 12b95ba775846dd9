import { hasForbiddenCharacter, isName, type Issue, limits, utf8Bytes } from '../../core/index.js'

/** Secrets by name, as they are given with a job. */
export type Secrets = Readonly<Record<string, string>>

/** What is wrong with them. No message repeats a secret, nor a name that is none. */
export function checkSecrets(secrets: unknown): Issue[] {
  const issues: Issue[] = []
  const wrong = (pointer: string, message: string): void =>
    void issues.push({ pointer, code: 'invalid', message })
  if (typeof secrets !== 'object' || secrets === null || Array.isArray(secrets)) {
    wrong('/secrets', 'must be an object with a text for each name')
    return issues
  }
  const entries = Object.entries(secrets)
  if (entries.length > limits.secretsPerJob)
    wrong('/secrets', `holds more than ${limits.secretsPerJob}`)
  for (const [name, value] of entries) {
    if (!isName(name))
      wrong('/secrets', 'has a name that is not made of a-z, 0-9, ".", "_" and "-"')
    else if (!isSecret(value))
      wrong(`/secrets/${name}`, `must be 1 to ${limits.secretBytes} bytes of text`)
  }
  return issues
}

function isSecret(value: unknown): boolean {
  if (typeof value !== 'string' || hasForbiddenCharacter(value)) return false
  const bytes = utf8Bytes(value)
  return bytes > 0 && bytes <= limits.secretBytes
}
