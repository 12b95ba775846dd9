// `npm run screenshots:components -w apps/studio`: takes docs/screenshots/components anew, of the showcase as it was
// built: a sheet for each component, with all of its statuses, on a desk and on a phone, light and dark.
import { once } from 'node:events'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { chromium } from 'playwright-core'
import { ensureChromium } from '../../../scripts/chromium.mjs'

const target = fileURLToPath(new URL('../../../docs/screenshots/components/', import.meta.url))
const root = fileURLToPath(new URL('../dist/web', import.meta.url))
const widths = { desktop: 1440, phone: 390 }
const edge = 16
const components = [
  'Status badge',
  'Progress tracker',
  'Progress tracker with details',
  'Compact progress tracker',
  'Job list',
  'Connection indicator',
]

await rm(target, { recursive: true, force: true })
await mkdir(target, { recursive: true })
const app = new Hono().use(serveStatic({ root }))
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
await once(server, 'listening')
const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
})
try {
  for (const [screen, width] of Object.entries(widths)) {
    for (const theme of ['light', 'dark']) await takeAll(screen, width, theme)
  }
} finally {
  await browser.close()
  server.close()
}

async function takeAll(screen, width, theme) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const { port } = server.address()
  await page.goto(`http://127.0.0.1:${port}/showcase.html?theme=${theme}`)
  // The slowest of them: what the list shows, and what the connections tell.
  await page.getByRole('checkbox', { name: 'Select Trip to Kyoto' }).waitFor()
  await page.getByText('You are no longer signed in.').waitFor()
  await page.getByText('The connection is lost.').waitFor()
  await page.getByText('choose places').first().waitFor()
  // It would stay where it is while the page is longer than the screen.
  await page.addStyleTag({ content: '.showcase-header { position: static }' })

  const session = await context.newCDPSession(page)
  const take = async (name, locator) => {
    const {
      x,
      y,
      width: wide,
      height,
    } = await locator.evaluate((element) => {
      const box = element.getBoundingClientRect()
      return { x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height }
    })
    const left = Math.max(0, x - edge)
    const clip = {
      x: left,
      y: Math.max(0, y - edge),
      width: Math.min(wide + 2 * edge, width - left),
      height: height + 2 * edge,
      scale: 1,
    }
    const { data } = await session.send('Page.captureScreenshot', {
      format: 'webp',
      quality: 90,
      captureBeyondViewport: true,
      clip,
    })
    await writeFile(join(target, `${name}-${screen}-${theme}.webp`), data, 'base64')
  }
  for (const name of components) {
    await take(
      name.toLowerCase().replaceAll(' ', '-'),
      page.getByRole('region', { name, exact: true }),
    )
  }
  await page.evaluate(() => scrollTo(0, 0))
  await page.getByRole('button', { name: /^Activity/ }).click()
  await take('activity-indicator', page.getByRole('dialog', { name: 'Activity' }))
  await context.close()
}
