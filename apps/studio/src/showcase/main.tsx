import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import 'longhaul/react/styles.css'
import { Showcase } from './showcase.js'
import './showcase.css'

// Nothing of the studio's own styles: the components stand for themselves here.
const address = new URLSearchParams(location.search)
const { documentElement } = document
documentElement.dir = address.get('dir') ?? 'ltr'
documentElement.style.colorScheme = address.get('theme') ?? 'light dark'

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <Showcase />
  </StrictMode>,
)
