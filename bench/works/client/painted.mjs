import { chromium } from 'playwright-core'
import { ensureChromium } from '../../../scripts/chromium.mjs'
import { rest } from '../../harness/clock.mjs'
import { waits } from '../../harness/quantiles.mjs'

/** Milliseconds from a worker's `progress` call until the frame that shows it was painted in Chromium. */
export const works = [
  {
    name: 'progress to paint',
    kind: 'painted',
    isHeadline: true,
    count: 500,
    least: 20,
    async measure({ system, count }) {
      const browser = await chromium.launch({
        executablePath: ensureChromium(),
        args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
      })
      const page = await browser.newPage()
      const { url, begin, isDone } = await system.show({ reports: count, everyMs: 40 })
      await page.goto(url)
      await page.getByText('0 %').waitFor()
      await begin()
      while (!(await isDone())) await rest(200)
      await rest(500) // the last frames are still under way
      const ages = await page.evaluate(() => window.waits)
      await browser.close()
      return waits(ages)
    },
  },
]
