import react from '@vitejs/plugin-react'
import { defineConfig, defaultClientConditions } from 'vite'
import { packageVersion, serviceWorker } from './service-worker-build.ts'

export const conditions = ['source', ...defaultClientConditions]

/** The window: one page, hashed files, nothing inline, so that a strict content security policy holds. */
export default defineConfig(async () => ({
  root: import.meta.dirname,
  resolve: { conditions },
  plugins: [react({ babel: { plugins: ['babel-plugin-react-compiler'] } }), serviceWorker()],
  define: { __VERSION__: JSON.stringify(await packageVersion()) },
  worker: { format: 'es' as const },
  build: {
    outDir: 'dist/web',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { port: 5173, strictPort: false, fs: { allow: ['../..'] } },
}))
