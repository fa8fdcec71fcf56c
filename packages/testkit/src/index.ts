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
