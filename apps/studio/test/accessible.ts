import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]

/** Neither a desk nor a phone: what stands side by side is most likely to find no room. */
const between = { width: 800, height: 1100 }

/** Look at the page as it is on a desk and on a phone, by day and by night. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)[0]}`)
      expect(found, `${size.width} px, ${colorScheme}`).toEqual([])
    }
    await expectNoOverflow(page)
  }
  await page.setViewportSize(between)
  await expectNoOverflow(page)
  await page.setViewportSize(sizes[1]!)
}

async function expectNoOverflow(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow, `${page.viewportSize()?.width} px: wider than the screen`).toBeLessThanOrEqual(0)
}
