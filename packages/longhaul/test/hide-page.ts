import { onTestFinished } from 'vitest'

/** The page is in a hidden tab. @returns a function that looks at it */
export function hidePage(): () => void {
  Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
  const restore = (): void => void Reflect.deleteProperty(document, 'visibilityState')
  onTestFinished(restore)
  return () => {
    restore()
    document.dispatchEvent(new Event('visibilitychange'))
  }
}
