/** Settings, secrets and one-shots of the composition. */
export { initialise } from './initialise.ts'
export { containerPlaces, insideGateway, type Places } from './places.ts'
export { prepareRoles } from './prepare-roles.ts'
export { createSelfSigned, type KeyAndCertificate } from './self-signed.ts'
export { provideSecrets, type SecretFolders, type SecretPlaces } from './secrets.ts'
export { parseSettings, settingPrefix, settingTable, type Settings, type SettingName } from './settings.ts'
export { backUp, type BackUpParts } from './backup/back-up.ts'
export { checkBackup, restore, type RestoreParts } from './backup/restore.ts'
