import react from '@vitejs/plugin-react'
import { defineConfig, defaultClientConditions } from 'vite'
import { serviceWorker } from './service-worker/build.ts'

export const conditions = ['source', ...defaultClientConditions]

/** The window: one page, hashed files, nothing inline, so that a strict content security policy holds. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  plugins: [react({ babel: { plugins: ['babel-plugin-react-compiler'] } }), serviceWorker()],
  worker: { format: 'es' },
  build: {
    outDir: 'dist/web',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
  },
  server: { port: 5173, strictPort: false, fs: { allow: ['../..'] } },
})
