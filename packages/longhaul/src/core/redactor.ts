/** Replaces texts that must not be stored or shown, once they are known. */
export interface Redactor {
  /** From now on this text is replaced. One of fewer than eight characters is not: it could be a part of anything. */
  conceal(secret: string): void
  redact(text: string): string
  /** Whether there is anything to replace. */
  isNeeded(): boolean
}

const shortest = 8
const replacement = '[secret]'

export function createRedactor(): Redactor {
  let concealed: readonly string[] = []
  return {
    conceal(secret) {
      if (secret.length < shortest) return
      // A URL that is shown in an error has it in another form.
      const forms = new Set([...concealed, secret, encodeURIComponent(secret)])
      // The longest first: one may be a part of another.
      concealed = [...forms].sort((a, b) => b.length - a.length)
    },
    redact: (text) => concealed.reduce((left, each) => left.replaceAll(each, replacement), text),
    isNeeded: () => concealed.length > 0,
  }
}
