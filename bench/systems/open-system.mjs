import { settingsOf } from './index.mjs'

/** One system, ready to do jobs of one kind: 'noop', 'steps', 'progress' or 'cancel'. */
export async function openSystem({ system, kind, defaults, ...servers }) {
  const { open } = await import(`./${system}/${kind}.mjs`)
  return open({ ...servers, settings: settingsOf(system, { defaults }) })
}
