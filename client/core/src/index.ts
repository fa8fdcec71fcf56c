/** The core of the client, and the same core headless. */
export { startCore, type CorePorts } from './compose.ts'
export { createProfile, startHeadless, type HeadlessOptions, type Profile } from './headless.ts'
