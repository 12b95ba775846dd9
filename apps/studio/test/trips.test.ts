import { describe, expect, it } from 'vitest'
import {
  holdableFrames,
  openBrowser,
  openStudio,
  stepsOf,
  untilDay,
  untilStatus,
  visit,
} from './browser.js'

const [browser, studio] = await Promise.all([openBrowser(), openStudio()])

const short = { destination: 'Lisbon', dates: { duration: 1 } }
// A day takes 1.25 s at least: what happens to a trip under way must have happened before its last day.
const eightDays = { destination: 'Lisbon', dates: { duration: 8 } }
const long = { destination: 'Lisbon', dates: { duration: 14 } }

describe.concurrent('signing in', { timeout: 60_000 }, () => {
  it('takes an email and a password, and is kept over a reload until one signs out', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await page.goto('/')
    await page.getByRole('button', { name: 'Grace at Globex' }).click()
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Where to?' }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Grace at Globex' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    // A request that was on its way is refused, and the browser tells of it.
    for (const complaint of ada.complaints.splice(0)) expect(complaint).toContain('401')
  })

  it('says in a sentence that the password is wrong', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await page.goto('/')
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    const problem = page.getByRole('alert').getByText('do not belong together')
    await problem.waitFor()
    // The browser itself tells of the 401.
    expect(ada.complaints.splice(0)).toEqual([expect.stringContaining('401')])
  })
})

describe.concurrent('a trip', { timeout: 90_000 }, () => {
  it('is planned before one’s eyes: the percent and the stage move until the plan is there', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/')
    await page.getByLabel('Destination').fill('Coimbra')
    await page.getByLabel('Days', { exact: true }).fill('8')
    await page.getByRole('button', { name: 'Plan this trip' }).click()
    const bar = page.getByRole('progressbar', { name: 'Trip to Coimbra' })
    await untilDay(page, 1)
    const first = Number(await bar.getAttribute('value'))
    await untilDay(page, 3)
    expect(Number(await bar.getAttribute('value'))).toBeGreaterThan(first)
    await page
      .locator('main')
      .getByText(/ · (about .+|a few seconds) left$/)
      .waitFor()
    await page.getByRole('heading', { name: 'Day 8' }).waitFor({ timeout: 45_000 })
    await page.getByRole('img', { name: 'Map of day 1: Coimbra' }).waitFor()
    expect(await page.getByText('The plan is ready.').count()).toBe(1)
    expect(await page.getByText('written by the offline writer').count()).toBe(1)
    expect(await page.getByRole('navigation').getByText('Coimbra').count()).toBe(1)
  })

  it('goes on while its page is reloaded, and is there afterwards', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto(await ada.plan(eightDays))
    await untilDay(page, 1)
    await page.reload()
    await untilDay(page, 2)
    await page.getByRole('heading', { name: 'Day 8' }).waitFor({ timeout: 45_000 })
    await page.reload()
    await page.getByRole('heading', { name: 'Day 8' }).waitFor()
  })

  it('can be cancelled, says by whom, and a retry goes on with what is finished', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto(await ada.plan(eightDays))
    await untilDay(page, 2)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await untilStatus(page, 'cancelled')
    await page.getByText('Cancelled by its owner').waitFor()
    await page.getByRole('main').getByRole('button', { name: 'Retry' }).click()
    await page.getByRole('heading', { name: 'Day 8' }).waitFor({ timeout: 45_000 })
    expect(await stepsOf(page)).toMatchObject({
      'find destination': 1,
      'order day 1': 1,
      'draw map': 1,
    })
  })

  it('says that it is being cancelled for as long as it is', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    const frames = await holdableFrames(page)
    await ada.signIn()
    await page.goto(await ada.plan(long))
    await untilDay(page, 1)
    await frames.opened
    frames.hold()
    await page.getByRole('button', { name: 'Cancel' }).click()
    const badge = page.locator('main .longhaul-badge')
    await badge.and(page.locator('[data-status=cancelling]')).waitFor()
    frames.release()
    await untilStatus(page, 'cancelled')
  })

  it('that failed says why in words, and offers a way on', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto(await ada.plan({ ...short, destination: 'Nowhereville-xq' }))
    await page.getByText('No place called “Nowhereville-xq” was found').first().waitFor()
    await untilStatus(page, 'failed')
    await page.getByRole('button', { name: 'Change and plan anew' }).click()
    expect(await page.getByLabel('Destination').inputValue()).toBe('Nowhereville-xq')

    await page.goto(await ada.plan({ ...short, destination: 'Lisbno' }))
    await page.getByRole('button', { name: 'Lisbon, Portugal' }).click()
    expect(await page.getByLabel('Destination').inputValue()).toBe('Lisbon, Portugal')
    await page.getByRole('button', { name: 'Plan this trip' }).click()
    await page.getByRole('heading', { name: 'Day 1' }).waitFor({ timeout: 30_000 })
  })

  it('is asked for anew in words that the form understands: what is missing is said at the field', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await ada.signIn()
    await page.goto('/')
    await page.getByLabel('Days', { exact: true }).fill('15')
    await page.getByRole('button', { name: 'Plan this trip' }).click()
    await page.getByText('Name a town to go to.').waitFor()
    await page.getByText('from 1 to 14').waitFor()
    expect(
      await page.getByLabel('Destination').evaluate((field) => field === document.activeElement),
    ).toBe(true)
  })

  it('is not there for the other organisation, not even at its address', async (test) => {
    const ada = await visit(browser, studio.url, test)
    await ada.signIn()
    const address = await ada.plan(short)
    const grace = await visit(browser, studio.url, test)
    await grace.signIn('grace@globex.example')
    await grace.page.goto('/')
    await grace.page.getByText('No trips yet.').waitFor()
    await grace.page.goto(address)
    await grace.page.getByRole('heading', { name: 'There is no such trip' }).waitFor()
    expect(await grace.page.getByText('Lisbon').count()).toBe(0)
  })

  it('is the same in two tabs', async (test) => {
    const ada = await visit(browser, studio.url, test)
    await ada.signIn()
    const other = await ada.context.newPage()
    await Promise.all([ada.page.goto('/'), other.goto('/')])
    await other.getByRole('heading', { name: 'Where to?' }).waitFor()
    const address = await ada.plan({ ...long, destination: 'Porto' })
    await other.getByRole('navigation').getByText('Porto').click()
    await ada.page.goto(address)
    await Promise.all([untilDay(ada.page, 1), untilDay(other, 1)])
    await other.getByRole('button', { name: 'Cancel' }).click()
    await Promise.all([untilStatus(ada.page, 'cancelled'), untilStatus(other, 'cancelled')])
  })

  it('can be planned, cancelled and tried again with the keyboard alone', async (test) => {
    const ada = await visit(browser, studio.url, test)
    const { page } = ada
    await page.goto('/')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await tabTo('Sign in')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Where to?' }).waitFor()
    await tabTo('Destination')
    await page.keyboard.type('Lisbon')
    await tabTo('Days')
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('14')
    await tabTo('Balanced')
    await page.keyboard.press('ArrowRight')
    await tabTo('Islands')
    await page.keyboard.press('Space')
    await tabTo('Plan this trip')
    await page.keyboard.press('Enter')
    await page.getByText('Active days · medium budget · islands').waitFor()
    await untilDay(page, 1)
    await tabTo('Cancel')
    await page.keyboard.press('Enter')
    await untilStatus(page, 'cancelled')
    await tabTo('Retry')
    await page.keyboard.press('Enter')
    await untilDay(page, 1)
    await tabTo('Cancel')
    await page.keyboard.press('Enter')
    await untilStatus(page, 'cancelled')

    /** Tab until the control with this name has the focus: within one round of the page. */
    async function tabTo(name: string): Promise<void> {
      for (let presses = 0; presses < 40; presses += 1) {
        await page.keyboard.press('Tab')
        const focused = await page.evaluate(() => {
          const { activeElement: element } = document
          const label = element instanceof HTMLInputElement ? element.labels?.[0] : undefined
          return (label ?? element)?.textContent ?? ''
        })
        if (focused.startsWith(name)) return
      }
      throw new Error(`Tab does not lead to “${name}”.`)
    }
  })
})
