export type Theme = 'system' | 'light' | 'dark'

const key = 'studio.theme'

export function readTheme(): Theme {
  const kept = localStorage.getItem(key)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

/** Show the pages in a theme. The styles read it from the document. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme
}

export function keepTheme(theme: Theme): void {
  localStorage.setItem(key, theme)
  applyTheme(theme)
}
