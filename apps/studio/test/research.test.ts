import { describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.js'
import { openBrowser, openStudio, untilStatus, visit, type Visitor } from './browser.js'

const [browser, studio] = await Promise.all([openBrowser(), openStudio()])

async function ask({ page }: Visitor, question: string): Promise<void> {
  await page.goto('/#/research')
  await page.getByLabel('Question').fill(question)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: question, level: 1 }).waitFor()
  await untilStatus(page, 'completed')
}

describe.concurrent('research', { timeout: 60_000 }, () => {
  it('answers from the notes, with citations that lead to them, and is there after a reload', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/')
    await page.getByRole('navigation', { name: 'Studio' }).getByText('Research').click()
    await page.getByRole('heading', { name: 'Research' }).waitFor()
    await expectAccessible(page)
    await ask(ada, 'How long does the battery of the tablets last?')
    await page.reload()
    const answer = page.getByRole('region', { name: 'Answer' })
    await answer.getByText('lasted six hours instead of nine').waitFor()
    await answer.getByText('without a language model').waitFor()
    await page.locator('mark', { hasText: 'battery' }).first().waitFor()
    await expectAccessible(page)
    await answer.getByRole('link', { name: 'Battery life' }).first().click()
    await page
      .getByRole('heading', { name: 'Battery life of the field tablets', level: 1 })
      .waitFor()
    await expectAccessible(page)
  })

  it('says that nothing was found, and finds nothing of another organisation', async (test) => {
    const ada = await visit(browser, studio.url, test)
    await ada.signIn()
    await ask(ada, 'Reactor protocol of Grace?')
    await ada.page.getByText('has to do with this question').waitFor()
    await expectAccessible(ada.page)
    const grace = await visit(browser, studio.url, test)
    await grace.signIn('grace@globex.example')
    await ask(grace, 'Reactor protocol of Grace?')
    const answer = grace.page.getByRole('region', { name: 'Answer' })
    await answer.getByText('held its temperature for forty minutes').waitFor()
    await grace.page.goto(ada.page.url())
    await grace.page.getByRole('heading', { name: 'There is no such question' }).waitFor()
  })

  it('knows what was written down a moment ago, and no longer what was deleted', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/notes')
    await page.getByRole('button', { name: 'New note' }).click()
    await page.getByLabel('Title').fill('Ferry to the island')
    await page.getByLabel('Text').fill('The zeppelin leaves at <b>noon</b>.\nIt takes no bicycles.')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Save the note' }).click()
    await page.getByRole('heading', { name: 'Ferry to the island', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Title').fill('Zeppelin to the island')
    await page.getByRole('button', { name: 'Save the note' }).click()
    await page.getByRole('heading', { name: 'Zeppelin to the island', level: 1 }).waitFor()
    const note = page.url()

    await ask(ada, 'Zeppelin?')
    // What stands in a note is shown as it stands there.
    const answer = page.getByRole('region', { name: 'Answer' })
    await answer.getByText('leaves at <b>noon</b>.').waitFor()

    await page.goto(note)
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('button', { name: 'Really delete' }).click()
    await page.getByRole('heading', { name: 'Notes', level: 1 }).waitFor()
    await ask(ada, 'Zeppelin?')
    await page.getByText('has to do with this question').waitFor()
    await page.goto(note)
    await page.getByRole('heading', { name: 'There is no such note' }).waitFor()
    expect(await page.getByText('bicycles').count()).toBe(0)
  })
})
