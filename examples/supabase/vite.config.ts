import { defineConfig } from 'vite'

export default defineConfig({
  root: 'page',
  envDir: '..',
  build: { outDir: '../dist', emptyOutDir: true },
  // The API is on the page's own address, as it would be behind a proxy.
  server: { proxy: { '/api': process.env.SERVER ?? 'http://127.0.0.1:3000' } },
})
