import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.js'
import { openBackend } from './backend.js'
import { openBrowser, openStudio, visit } from './browser.js'

const backend = await openBackend()
const [browser, studio] = await Promise.all([
  openBrowser(),
  openStudio({ STUDIO_BACKEND_URL: backend.url }),
])

const notes = {
  name: 'notes.txt',
  mimeType: 'text/plain',
  buffer: Buffer.from('We met in May.\nThe hotel costs 90 euros a night.\nIt rained for 3 days.'),
}

function chosen(page: Page) {
  return page.getByRole('list', { name: 'Attached files' }).last().getByRole('listitem')
}

function lastAnswer(page: Page) {
  return page.locator('.chat-answer').last()
}

async function untilDone(page: Page): Promise<void> {
  await page.locator('.chat-answer[data-state=done]').last().waitFor({ timeout: 45_000 })
}

/** As the system's own dialogue does. */
async function choose(page: Page, files: readonly (typeof notes)[]): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Attach files' }).click(),
  ])
  await chooser.setFiles([...files])
}

/** A real image, drawn by the browser. */
async function drawImage(page: Page): Promise<typeof notes> {
  const url = await page.evaluate(() => {
    const canvas = document.createElement('canvas')
    ;[canvas.width, canvas.height] = [240, 160]
    const context = canvas.getContext('2d')!
    for (const [n, colour] of ['#7cc2e8', '#2a6fb0', '#e8cf8f'].entries()) {
      context.fillStyle = colour
      context.fillRect(0, [0, 60, 110][n]!, 240, 160)
    }
    return canvas.toDataURL('image/jpeg')
  })
  const buffer = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
  return { name: 'beach.jpg', mimeType: 'image/jpeg', buffer }
}

/** Lets files come into the page by an event that a person makes with the mouse or the clipboard. */
async function bring(page: Page, event: 'paste' | 'drop', names: readonly string[]): Promise<void> {
  const message = page.getByRole('textbox', { name: 'Message' })
  await message.evaluate(
    (element, [kind, files]) => {
      const data = new DataTransfer()
      for (const name of files) data.items.add(new File([`This is ${name}.`], name))
      const init = { bubbles: true, cancelable: true }
      if (kind === 'paste')
        element.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: data }))
      else
        for (const step of ['dragover', 'drop'])
          element.dispatchEvent(new DragEvent(step, { ...init, dataTransfer: data }))
    },
    [event, names] as const,
  )
}

describe('attachments', { timeout: 120_000 }, () => {
  it('are chosen, seen and taken out again, answered from, and there after a reload', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    await choose(page, [notes, await drawImage(page), { ...notes, name: 'wrong.txt' }])
    await chosen(page).filter({ hasText: 'bytes' }).nth(1).waitFor()
    await page.getByRole('button', { name: 'Remove wrong.txt' }).click()
    await chosen(page).nth(2).waitFor({ state: 'detached' })
    await chosen(page).locator('img').waitFor()
    await expectAccessible(page)
    await page.getByRole('textbox', { name: 'Message' }).fill('What does the hotel cost?')
    await page.getByRole('button', { name: 'Send' }).click()
    await lastAnswer(page).getByText('“The hotel costs 90 euros a night.” (line 2)').waitFor()
    await untilDone(page)
    await lastAnswer(page).getByText('JPEG image of 240 × 160 pixels').waitFor()

    await page.reload()
    const image = page.getByRole('img', { name: 'beach.jpg' })
    await image.waitFor()
    await expect
      .poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth))
      .toBe(240)
    await expectAccessible(page)
    const link = page.getByRole('link', { name: 'notes.txt' }).last()
    const address = (await link.getAttribute('href'))!
    expect(await (await page.request.get(address)).text()).toBe(notes.buffer.toString())

    const grace = await visit(browser, studio.url, test)
    await grace.signIn('grace@globex.example')
    expect((await grace.page.request.get(address)).status()).toBe(404)

    await page.getByRole('button', { name: 'Delete conversation' }).click()
    await page.getByRole('button', { name: 'Delete for good' }).click()
    await image.waitFor({ state: 'detached' })
    expect((await page.request.get(address)).status()).toBe(404)
  })

  it('can be pasted and dropped, and five of ten go with one message', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    await bring(page, 'paste', ['pasted.txt'])
    await chosen(page).getByText('pasted.txt').waitFor()
    const ten = Array.from({ length: 10 }, (_, n) => `file ${n}.txt`)
    await bring(page, 'drop', ten)
    await page.getByRole('alert').getByText('at most 5 files').waitFor()
    await chosen(page).nth(4).getByText('bytes').waitFor()
    expect(await chosen(page).count()).toBe(5)
    await page.getByRole('button', { name: 'Send' }).click()
    await untilDone(page)
    const answer = await lastAnswer(page).innerText()
    for (const name of ['pasted.txt', ...ten.slice(0, 4)]) expect(answer).toContain(`${name} has`)
  })

  it('that are too large, empty or of another kind are refused in words', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    const wrong = {
      'large.txt': Buffer.alloc(300_000, 'a'),
      'huge.png': Buffer.alloc(5_000_000),
      'empty.txt': Buffer.alloc(0),
      'program.png': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]),
    }
    await choose(
      page,
      Object.entries(wrong).map(([name, buffer]) => ({ ...notes, name, buffer })),
    )
    const alert = page.getByRole('alert')
    for (const name of Object.keys(wrong)) await alert.getByText(name).waitFor()
    await chosen(page).first().waitFor({ state: 'detached' })
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
    await expectAccessible(page)
    for (const complaint of ada.complaints.splice(0)) expect(complaint).toContain('/attachments/')
  })

  it('are passed on to the back end in Python', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/#/chat')
    await page.getByLabel('Answered by').selectOption('backend')
    await choose(page, [notes])
    await chosen(page).getByText('bytes').waitFor()
    await page.getByRole('button', { name: 'Send' }).click()
    await lastAnswer(page).getByText('notes.txt has 2 whole numbers, from 3 to 90').waitFor()
    await untilDone(page)
  })
})
