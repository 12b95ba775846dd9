import { useEffect, useEffectEvent, useState } from 'react'

/**
 * Files that are dropped anywhere on the page. Without this the browser would leave the page and open them.
 *
 * @returns whether some are held over the page
 */
export function useDroppedFiles(onDrop: (files: readonly File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false)
  const take = useEffectEvent(onDrop)

  useEffect(() => {
    const left = new AbortController()
    const { signal } = left
    const hasFiles = ({ dataTransfer }: DragEvent): boolean =>
      dataTransfer?.types.includes('Files') === true
    addEventListener(
      'dragover',
      (event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        setIsOver(true)
      },
      { signal },
    )
    addEventListener(
      'dragleave',
      ({ relatedTarget }) => {
        if (relatedTarget === null) setIsOver(false)
      },
      { signal },
    )
    addEventListener(
      'drop',
      (event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        setIsOver(false)
        take([...event.dataTransfer!.files])
      },
      { signal },
    )
    return () => left.abort()
  }, [])

  return isOver
}
