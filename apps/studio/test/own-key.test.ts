import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.js'
import { openBrowser, openStudio, visit } from './browser.js'
import { openProvider, wrongKey } from './provider.js'

const provider = await openProvider({
  title: 'Run 10 km without a stop',
  specific: 'Along the river, from bridge to bridge.',
  measurable: 'Ten kilometres by the watch.',
  achievable: 'One kilometre more each week.',
  relevant: 'You sleep better.',
})
const [browser, studio] = await Promise.all([
  openBrowser(),
  openStudio({
    STUDIO_PROVIDER_URL: provider.url,
    STUDIO_PROVIDER_MODEL: 'goal-writer-1',
    STUDIO_SECRET_KEY: randomBytes(32).toString('base64'),
  }),
])
let logged = ''
for (const output of [studio.child.stdout, studio.child.stderr])
  output!.on('data', (chunk: Buffer) => (logged += chunk.toString()))

describe('a key of one’s own', { timeout: 90_000 }, () => {
  it('has a model write a goal, and is in no frame, no answer, no log and on no page', async (test) => {
    const key = 'sk-typed-into-the-page-once'
    const ada = await visit(browser, studio.url, test)
    const { page, context } = ada
    let received = ''
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => (received += payload.toString())),
    )
    await ada.signIn()
    await page.goto('/#/goals')
    const field = page.getByLabel('Your key for 127.0.0.1')
    await field.waitFor()
    await expectAccessible(page)
    await page.getByLabel('What do you want?').fill('Run 10 km by June because I sleep better')
    await field.fill(key)
    await page.getByRole('button', { name: 'Make it a goal' }).click()
    const goal = page.getByRole('article').filter({ hasText: 'Run 10 km without a stop' })
    await goal.getByText('Written by goal-writer-1.').waitFor({ timeout: 30_000 })
    await page.getByText('1 request and 42 tokens this month').waitFor()
    await expectAccessible(page)
    expect(provider.keys).toEqual([key])

    await page.goto('/#/jobs')
    await page.getByRole('heading', { name: 'Jobs' }).waitFor()
    const jobs = await (await context.request.get('/api/longhaul/jobs')).text()
    expect(jobs).toContain('ai_proxy')
    const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))
    for (const text of [received, jobs, kept, await page.content(), logged])
      expect(text).not.toContain(key)
    await page.goto('/#/goals')
    expect(await field.inputValue()).toBe('')
  })

  it('that is refused is said so, and repeated nowhere', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn('grace@globex.example')
    await page.goto('/#/goals')
    await page.getByLabel('What do you want?').fill('Learn Spanish')
    await page.getByLabel('Your key for 127.0.0.1').fill(wrongKey)
    await page.getByRole('button', { name: 'Make it a goal' }).click()
    await page.getByText('refused your key').first().waitFor({ timeout: 30_000 })
    await expectAccessible(page)
    expect(logged + (await page.locator('main').innerText())).not.toContain(wrongKey)
  })
})
