import { describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.js'
import { openBrowser, openStudio, visit } from './browser.js'

const [browser, studio] = await Promise.all([openBrowser(), openStudio()])

describe.concurrent('goals', { timeout: 90_000 }, () => {
  it('are made of wishes, counted, and there after a reload, until one removes them', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/')
    await page.getByRole('navigation', { name: 'Studio' }).getByText('Goals').click()
    await page.getByText('0 requests').waitFor()
    await page.getByText('this studio knows no provider to ask').waitFor()
    await page.getByLabel('What do you want?').fill('Run 10 km by June because I sleep better')
    await page.keyboard.press('Enter')
    const goal = page.getByRole('article').filter({ hasText: 'Run 10 km' })
    await goal.getByText('10 km, counted once a week').waitFor()
    // Out of the result of the job: nothing asked for it again.
    await page.getByText('1 request and 0 tokens this month').waitFor()
    expect(await page.getByLabel('What do you want?').inputValue()).toBe('')
    await expectAccessible(page)
    await page.reload()
    await goal.getByText('I sleep better.').waitFor()
    // The request is there too, and is called what the proxy calls it.
    const request = page.locator('.proxy-request', { hasText: 'Your request' })
    await request.getByText('complete', { exact: true }).waitFor()
    await request.locator('.longhaul-compact[data-status=completed]').waitFor()
    await page.getByRole('button', { name: 'Remove the goal Run 10 km' }).click()
    await goal.waitFor({ state: 'detached' })
  })

  it('come with tasks that are put in order, with reasons', async (test) => {
    const grace = await visit(browser, studio.url, test)
    const { page } = grace
    await grace.signIn('grace@globex.example')
    await page.goto('/#/goals')
    await page.getByRole('heading', { name: 'Goals' }).waitFor()
    const tasks = page.locator('.task-title')
    for (const [title, due, minutes] of [
      ['Someday', '', ''],
      ['Call', '', '5'],
      ['Tax', '2020-05-30', ''],
    ] as const) {
      await page.getByLabel('Task').fill(title)
      await page.getByLabel('Due').fill(due)
      await page.getByLabel('Minutes').fill(minutes)
      await page.getByRole('button', { name: 'Add' }).click()
      await tasks.filter({ hasText: title }).waitFor()
    }
    await page.getByRole('button', { name: 'Put them in order' }).click()
    await page.getByText('Has no date').waitFor()
    expect(await tasks.allTextContents()).toEqual(['Tax', 'Call', 'Someday'])
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Done: Tax' }).click()
    await tasks.filter({ hasText: 'Tax' }).waitFor({ state: 'detached' })
  })

  it('come with tasks that are there also when the list was asked for before', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    let release = (): void => undefined
    const added = new Promise<void>((resolve) => (release = resolve))
    let isFirst = true
    await page.route('**/api/tasks', async (route) => {
      if (route.request().method() !== 'GET' || !isFirst) return route.continue()
      isFirst = false
      const response = await route.fetch()
      await added
      // The page may have given up on it.
      await route.fulfill({ response }).catch(() => undefined)
    })
    await page.goto('/#/goals')
    await page.getByLabel('Task').fill('Water the plants')
    const answer = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.getByRole('button', { name: 'Add' }).click()
    await answer
    // The page has time to act on the answer, before what it asked for first comes.
    await page.waitForTimeout(300)
    release()
    await page.locator('.task-title').filter({ hasText: 'Water the plants' }).waitFor()
  })

  it('are asked for by a proxy that answers at once, and lets nobody in without a session', async (test) => {
    const grace = await visit(browser, studio.url, test)
    const ask = (data: object) =>
      grace.context.request.post('/api/ai/proxy', { data, headers: { origin: studio.url } })
    expect((await ask({ input: 'Learn Spanish' })).status()).toBe(401)
    await grace.signIn('grace@globex.example')
    const answer = await ask({ input: 'Learn Spanish' })
    expect(answer.status()).toBe(202)
    expect(await answer.json()).toEqual({
      message: 'It is being done.',
      job_id: expect.any(String),
      status: 'pending',
    })
    const withKey = await ask({ input: 'Learn Spanish', user_provided_key: 'sk-1234567' })
    expect(withKey.status()).toBe(422)
    expect((await ask({ input: '' })).status()).toBe(422)
  })
})
