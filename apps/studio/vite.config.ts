import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist/web',
    emptyOutDir: true,
    // The policy of the pages allows no `data:` URLs, so nothing is inlined.
    assetsInlineLimit: 0,
    // A polyfill would be an inline script for browsers that are too old for the rest.
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index.html', 'showcase.html'] },
  },
  // `npx vite` beside a running studio, for work on the pages.
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
})
