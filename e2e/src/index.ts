/** What stories and benchmarks need to drive the product in real Chromium. */
export * from './browser.ts'
export * from './person.ts'
export * from './product.ts'
