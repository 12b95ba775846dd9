import type { Job } from 'longhaul'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.js'
import { openBackend } from './backend.js'
import { holdAnswer, openBrowser, openStudio, visit } from './browser.js'

const backend = await openBackend()
const [browser, studio] = await Promise.all([
  openBrowser(),
  openStudio({ STUDIO_BACKEND_URL: backend.url }),
])

/** Takes the assistant a quarter of a minute to write. */
const longQuestion = 'Tell me about 20 towns near Lisbon'

async function ask(page: Page, text: string): Promise<void> {
  const message = page.getByRole('textbox', { name: 'Message' })
  await message.fill(text)
  await message.press('Enter')
}

async function untilState(page: Page, state: string): Promise<void> {
  await page.locator(`.chat-answer[data-state=${state}]`).last().waitFor({ timeout: 45_000 })
}

function lastAnswer(page: Page) {
  return page.locator('.chat-answer').last()
}

describe('the chat', { timeout: 120_000 }, () => {
  it('goes on after a reload in the middle of an answer, in a second tab, and is kept', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    await page.getByText('no language model').waitFor()
    await expectAccessible(page)
    await ask(page, longQuestion)
    await lastAnswer(page).getByText('2. ').waitFor()
    await untilState(page, 'writing')
    await expectAccessible(page)
    const other = await ada.context.newPage()
    await Promise.all([page.reload(), other.goto(page.url())])
    await Promise.all([
      lastAnswer(page).getByText('1. ').waitFor(),
      lastAnswer(other).getByText('1. ').waitFor(),
    ])
    await Promise.all([untilState(page, 'done'), untilState(other, 'done')])
    const text = await lastAnswer(page).innerText()
    expect(text).toContain('20. ')
    expect(await lastAnswer(other).innerText()).toBe(text)

    await ask(page, 'Two towns near Porto')
    await lastAnswer(other).getByText('Porto').last().waitFor()
    await untilState(page, 'done')
    await page.goto('/#/chat')
    await page.reload()
    const list = page.getByRole('navigation', { name: 'Conversations' })
    await list.getByRole('link', { name: longQuestion }).click()
    await lastAnswer(page).getByText('Around Porto').waitFor()
    expect(await page.locator('.chat-question').allInnerTexts()).toEqual([
      longQuestion,
      'Two towns near Porto',
    ])

    const grace = await visit(browser, studio.url, test)
    await grace.signIn('grace@globex.example')
    await grace.page.goto(page.url())
    await grace.page.getByText('No conversations yet.').waitFor()
    expect(await grace.page.locator('.chat-question').count()).toBe(0)
  })

  it('has an answer that is complete before its page begins to follow it', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    await ask(page, 'Tell me about 12 towns near Lisbon')
    await lastAnswer(page).getByText('1. ').waitFor()
    const read = await holdAnswer(page, '**/api/chat/conversations/*')
    await page.reload()
    await read.made
    const latest = '/api/longhaul/jobs?type=ai_concierge_query&limit=1'
    const status = async (): Promise<unknown> =>
      ((await (await page.request.get(latest)).json()) as { jobs: Job[] }).jobs[0]!.status
    expect(await status()).toBe('running')
    await expect.poll(status).toBe('completed')
    await read.release()
    await lastAnswer(page).getByText('12. ').waitFor()
  })

  it('stops when it is told to, says so after a reload, and is tried again', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    await ask(page, longQuestion)
    await lastAnswer(page).getByText('1. ').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await untilState(page, 'cancelled')
    await page.reload()
    await untilState(page, 'cancelled')
    await lastAnswer(page).getByText('1. ').waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Try again' }).click()
    await untilState(page, 'done')
    expect(await lastAnswer(page).innerText()).toContain('20. ')
  })

  it('asks before it plans a trip, waits over a reload, and then plans it', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    await ask(page, 'Plan a trip to Porto for 2 days')
    await untilState(page, 'waiting')
    await page.reload()
    await untilState(page, 'waiting')
    await page.getByText('Plan a trip to Porto, 2 days?').waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Plan it' }).click()
    await page.getByRole('link', { name: 'Open the trip to Porto' }).click()
    await page.getByRole('heading', { name: 'Porto', exact: true }).waitFor()
  })

  it('plans nothing when it is told not to', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    await ask(page, 'Plan a trip to Faro')
    await page.getByRole('button', { name: 'Do not' }).click()
    await page.getByText('The trip to Faro is not planned.').waitFor({ timeout: 30_000 })
    const { jobs } = (await (
      await page.request.get('/api/longhaul/jobs?type=ai_trip_generation')
    ).json()) as { jobs: { input: { destination: string } }[] }
    expect(jobs.map(({ input }) => input.destination)).not.toContain('Faro')
  })

  it('says when a message was not sent, and sends it again', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    await page.getByText('no language model').waitFor()
    await page.route('**/api/chat/questions', (route) => route.abort())
    await ask(page, 'Two towns near Porto')
    await page.getByRole('alert').getByText('The message was not sent').waitFor()
    await page.unroute('**/api/chat/questions')
    await page.getByRole('button', { name: 'Send again' }).click()
    await untilState(page, 'done')
    for (const complaint of ada.complaints.splice(0)) expect(complaint).toContain('questions')
  })

  it('stays where one has gone while a message was sent', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    await page.getByText('no language model').waitFor()
    const sent = await holdAnswer(page, '**/api/chat/questions')
    await ask(page, 'Two towns near Porto')
    await sent.made
    await page.getByRole('navigation', { name: 'Studio' }).getByText('Trips').click()
    await page.getByRole('heading', { name: 'Trips', level: 1 }).waitFor()
    // The list of conversations is read again when the message is known to be sent.
    const read = page.waitForRequest('**/api/chat/conversations')
    await sent.release()
    await read
    expect(await page.evaluate(() => location.hash)).toBe('#/trips')
  })

  it('can be read again when it could not be', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.route('**/api/chat/conversations/*', (route) => route.abort())
    await page.goto('/#/chat')
    await page.getByRole('alert').getByText('The studio does not answer').waitFor()
    await expectAccessible(page)
    await page.unroute('**/api/chat/conversations/*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    for (const complaint of ada.complaints.splice(0)) expect(complaint).toContain('conversations')
  })

  it('says that an answer is no longer kept when its job is deleted', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    await ask(page, longQuestion)
    await lastAnswer(page).getByText('1. ').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await untilState(page, 'cancelled')
    const { jobs } = (await (
      await page.request.get('/api/longhaul/jobs?type=ai_concierge_query&limit=1')
    ).json()) as { jobs: { id: string }[] }
    const headers = { origin: studio.url }
    const deleted = await page.request.delete(`/api/longhaul/jobs/${jobs[0]!.id}`, { headers })
    expect(deleted.status()).toBe(204)
    await page.reload()
    await untilState(page, 'gone')
    await lastAnswer(page).getByText('This answer is no longer kept.').waitFor()
  })

  it('can be used with the keyboard alone', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    await page.getByRole('textbox', { name: 'Message' }).focus()
    await page.keyboard.type('Plan a trip to Faro for 2 days')
    await page.keyboard.press('Enter')
    await untilState(page, 'waiting')
    await page.getByRole('button', { name: 'Plan it' }).focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('The trip to Faro is not planned.').waitFor({ timeout: 30_000 })
  })

  it('is answered by a back end in Python when that is chosen, and cancelled down to there', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    await page.getByLabel('Answered by').selectOption('backend')
    await expectAccessible(page)
    await ask(page, 'What about 12?')
    await untilState(page, 'done')
    expect(await lastAnswer(page).innerText()).toContain('12 = 2 × 2 × 3.')
    await lastAnswer(page).getByText('By the back end in Python').click()
    const trail = lastAnswer(page).getByRole('list', { name: 'What became of the request' })
    await trail.getByText('Answered').waitFor()
    await expectAccessible(page)
    await ask(page, 'What about 703?')
    await lastAnswer(page).getByText('703 = 19 × 37.').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await untilState(page, 'cancelled')
    const { jobs } = (await (
      await page.request.get('/api/longhaul/jobs?type=ai_concierge_query&limit=2')
    ).json()) as { jobs: { id: string }[] }
    const [cancelled, answered] = jobs.map(({ id }) => id)
    await expect.poll(backend.said).toContain(`request ${cancelled}: its caller went away`)
    expect(backend.said()).toContain(`request ${answered}: answered`)
    // Of each request there is what became of it, also after a reload.
    await page.reload()
    const trails = page.getByText('By the back end in Python')
    await trails.last().click()
    await trail.getByText('Cancelling asked for by you, processed').waitFor()
    await lastAnswer(page).getByText(cancelled!).waitFor()
    expect(await trails.count()).toBe(2)
    // The next question is the assistant’s again.
    await page.getByLabel('Answered by').selectOption('assistant')
    await ask(page, 'Two towns near Porto')
    await lastAnswer(page).getByText('Around Porto').waitFor()
    await untilState(page, 'done')
  })

  it('is deleted with its jobs and what they have written, also in the middle of an answer', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    await ask(page, 'Two towns near Faro')
    await untilState(page, 'done')
    await ask(page, longQuestion)
    await lastAnswer(page).getByText('1. ').waitFor()
    const { jobs } = (await (
      await page.request.get('/api/longhaul/jobs?type=ai_concierge_query&limit=2')
    ).json()) as { jobs: { id: string }[] }
    const list = page.getByRole('navigation', { name: 'Conversations' })
    const link = list.getByRole('link', { name: 'Two towns near Faro' })
    await page.getByRole('button', { name: 'Delete conversation' }).click()
    await page.getByRole('button', { name: 'Keep it' }).click()
    await page.getByRole('button', { name: 'Delete conversation' }).click()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Delete for good' }).click()
    await link.waitFor({ state: 'detached' })
    expect(await page.locator('.chat-question').count()).toBe(0)
    for (const { id } of jobs) {
      expect((await page.request.get(`/api/longhaul/jobs/${id}`)).status()).toBe(404)
      const stream = await page.request.get(`/api/longhaul/jobs/${id}/streams/output`)
      expect(stream.status()).toBe(404)
    }
  })
})
