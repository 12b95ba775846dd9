import { randomUUID } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import { createTabGroup, type TabGroup } from './tab-group.js'

/** Two tabs of one browser: Node's BroadcastChannel joins them as a browser's would. */
function twoTabs(): { one: TabGroup; other: TabGroup; heard: () => Promise<void> } {
  const name = randomUUID()
  const [one, other] = [createTabGroup(name), createTabGroup(name)]
  onTestFinished(one.join())
  onTestFinished(other.join())
  // A third listener, which hears after the two.
  const channel = new BroadcastChannel(name)
  onTestFinished(() => channel.close())
  const heard = async (): Promise<void> => {
    await new Promise((resolve) => channel.addEventListener('message', resolve, { once: true }))
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { one, other, heard }
}

it('lets a tab claim a thing once', async () => {
  const { one } = twoTabs()
  expect(await one.claim('job 1 completed')).toBe(true)
  expect(await one.claim('job 1 completed')).toBe(false)
  expect(await one.claim('job 2 completed')).toBe(true)
})

it('tells the other tabs, which then leave it', async () => {
  const { one, other, heard } = twoTabs()
  const told = heard()
  expect(await one.claim('job 1 completed')).toBe(true)
  await told
  expect(await other.claim('job 1 completed')).toBe(false)
})

it('goes on listening until its last member has left', async () => {
  const { one, other, heard } = twoTabs()
  const leave = one.join()
  leave()
  const told = heard()
  expect(await other.claim('a')).toBe(true)
  await told
  expect(await one.claim('a')).toBe(false)
})
