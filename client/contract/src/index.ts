/** All that window and core share. */
export * from './bus.ts'
export * from './commands.ts'
export * from './settings.ts'
export * from './views.ts'
