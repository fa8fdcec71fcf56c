/** What stories and benchmarks need to drive the product in real Chromium. */
export * from './browser.ts'
export * from './group-steps.ts'
export * from './person.ts'
export * from './product.ts'
export * from './scene.ts'
export * from './stage-axe.ts'
export * from './stage.ts'
