export type Intent = 'smart_goal' | 'prioritization'

const wantsOrder =
  /\b(?:priorit\w*|put .*\border\b|order (?:my|the) (?:tasks|list)|what .*\bfirst\b|(?:sort|rank) .*\b(?:tasks|list)|to-?do)/i

/** What somebody wants of the proxy: their tasks in order, or else a goal. */
export function intentOf(input: string): Intent {
  return wantsOrder.test(input) ? 'prioritization' : 'smart_goal'
}
