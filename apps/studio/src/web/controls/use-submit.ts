import { type FormEvent, useState } from 'react'

export interface UseSubmit {
  readonly isBusy: boolean
  /** Why it did not work the last time. */
  readonly problem: string | undefined
  onSubmit(event: FormEvent): void
  forgetProblem(): void
}

/** A form that is sent once at a time, and says what went wrong. */
export function useSubmit(send: () => Promise<string | undefined>): UseSubmit {
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string>()

  async function submit(): Promise<void> {
    setIsBusy(true)
    setProblem(undefined)
    setProblem(await send())
    setIsBusy(false)
  }

  return {
    isBusy,
    problem,
    onSubmit(event) {
      event.preventDefault()
      if (!isBusy) void submit()
    },
    forgetProblem: () => setProblem(undefined),
  }
}
