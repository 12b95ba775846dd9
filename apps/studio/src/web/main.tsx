import './without-eval.js'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import 'longhaul/react/styles.css'
import { App } from './app.js'
import { loadFonts } from './load-fonts.js'
import { applyTheme, readTheme } from './profile/theme.js'
import './register.js'
import './styles/fonts.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/shell.css'
import './styles/jobs.css'
import './styles/trips.css'
import './styles/plan.css'
import './styles/optimise.css'
import './styles/compare.css'
import './styles/schedules.css'
import './styles/research.css'
import './styles/goals.css'
import './styles/contacts.css'
import './styles/toasts.css'
import './styles/chat.css'
import './styles/attachments.css'

applyTheme(readTheme())

// First the letters, so that nothing moves when they come.
void loadFonts().then(() =>
  createRoot(document.querySelector('#root')!).render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
)
