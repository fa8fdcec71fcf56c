/** The whole product in one process. */
export { readArguments, type Arguments } from './arguments.ts'
export { StartError } from './data-folder.ts'
export { startStandalone, type Standalone } from './start-standalone.ts'
