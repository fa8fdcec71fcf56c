import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { conditions } from './vite.config.ts'

/** The stage as files, for tests that look at every screen; not part of the product. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  plugins: [react({ babel: { plugins: ['babel-plugin-react-compiler'] } })],
  define: { __VERSION__: JSON.stringify('stage') },
  build: {
    outDir: 'dist/stage-web',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: 'stage.html' },
  },
})
