/** Builds the service worker after the window: one file beside index.html that knows every file of this build. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { build, type Plugin } from 'vite'
import { injectManifest } from 'workbox-build'

export function serviceWorker(): Plugin {
  let outDir = ''
  return {
    name: 'brieftaube-service-worker',
    apply: 'build',
    configResolved: (config) => {
      outDir = path.resolve(config.root, config.build.outDir)
    },
    closeBundle: async () => {
      await bundle(outDir)
      const file = path.join(outDir, 'service-worker.js')
      const { warnings } = await injectManifest({
        swSrc: file,
        swDest: file,
        globDirectory: outDir,
        globPatterns: ['**/*.{html,js,css,woff2,svg,wasm,webmanifest}', 'icons/*.png'],
        // The dictionaries serve only the choice of a password, which needs the server anyway.
        globIgnores: ['service-worker.js', 'assets/password-estimator-*.js'],
        // A hash in the name says it already.
        dontCacheBustURLsMatching: /^assets\//,
        maximumFileSizeToCacheInBytes: 8 * 1024 * 1024,
      })
      if (warnings.length > 0) throw new Error(warnings.join('\n'))
    },
  }
}

async function bundle(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'warn',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2023',
      rollupOptions: {
        input: 'service-worker/service-worker.ts',
        output: { format: 'iife', entryFileNames: 'service-worker.js' },
      },
    },
  })
}

/** From package.json, for the page "About". */
export async function packageVersion(): Promise<string> {
  const text = await readFile(path.join(import.meta.dirname, 'package.json'), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return version
}
