import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** Where `npm run dev` finds the real server; `npm run dev:mock` needs none. */
const server = process.env.CALLBOARD_SERVER ?? 'http://localhost:7007'

export default defineConfig(({ mode }) => ({
  // Relative asset addresses: the server's `<base href>` decides the sub-path (see index.html).
  base: './',
  plugins: [
    react(),
    mode === 'mock' && import('./mock/vite-plugin.ts').then((module) => module.mockServer()),
  ],
  build: {
    target: 'es2022',
    // The content security policy allows no `data:` fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    ...(mode === 'mock' ? {} : { proxy: { '/api': server, '/.backstage': server } }),
  },
  test: {
    // Tests that need a document say so in their first line; the others start faster without one.
    environment: 'node',
    css: { modules: { classNameStrategy: 'non-scoped' } },
    restoreMocks: true,
    testTimeout: 30_000,
  },
}))
