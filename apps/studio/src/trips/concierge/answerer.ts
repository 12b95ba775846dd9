/** Who answers a question: the assistant of the studio, or an outside back end, if there is one. */
export const answerers = ['assistant', 'backend'] as const

export type Answerer = (typeof answerers)[number]

/** What a question says of it. One that says nothing is for the assistant. */
export function answererOf(body: unknown): Answerer {
  const { answerer } = (body ?? {}) as { readonly answerer?: unknown }
  return answerers.find((each) => each === answerer) ?? 'assistant'
}
