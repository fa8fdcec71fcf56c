/** What tests of several packages share. */
export { badTokens, goodToken, type BadToken, type TokenSource } from './bad-tokens.ts'
export {
  generousRates,
  runServices,
  startServices,
  testOrigin,
  type RunningServices,
  type ServiceParts,
  type Services,
} from './services.ts'
export {
  befriend,
  has,
  logInElsewhere,
  newLocalId,
  signUp,
  startPerson,
  testPassword,
  textsOf,
  type Person,
  type PersonOptions,
} from './person.ts'
export { createRandom, seedOfRun, type Random } from './random.ts'
export { startFaultProxy, type FaultProxy } from './fault-proxy.ts'
export { findLeaks, findLeaksBelow, spellingsOf, type Leak } from './canary.ts'
export { checkHistory, type Observer, type Sent } from './history.ts'
export { createCrashSwitch, KilledError, type CrashSwitch } from './crash.ts'
export { createMiddle, type Middle } from './middle.ts'
export { startKillableServices, type KillableServices } from './killable-services.ts'
export type { Balancer } from './balancer.ts'
export { startSeveralProcesses, type SeveralProcesses } from './several-processes.ts'
