export { entryDigest, advanceChain, firstLink, type ChainLink } from './chain.ts'
export { contentMaxBytes, openBody, type BodyKeys } from './body.ts'
export { adoptCommit, makeCommit, type Adopted, type CommitBundle, type CommitPlan } from './commit.ts'
export { createGroup, makeGroupInfo, type NewGroup } from './create-group.ts'
export { createDevice, decodeDevice, encodeDevice, type Device } from './device.ts'
export { signStatement, type SigningKey } from './ed25519.ts'
export { ephemeralPayloadMaxBytes, openEphemeral, sealEphemeral, type OpenedEphemeral } from './ephemeral.ts'
export { externalJoin, type ExternalJoin, type ExternalJoinInput } from './external-join.ts'
export { type GroupState } from './group-state.ts'
export {
  decodeState,
  decodeStateParts,
  encodeState,
  encodeStateParts,
  type StateParts,
} from './state-codec.ts'
export { joinByWelcome, type Joined, type WelcomeInput } from './join.ts'
export {
  createKeyPackage,
  keyPackageRef,
  welcomeRefs,
  type CreatedKeyPackage,
  type KeyPackageInput,
  type KeyPackageKind,
} from './key-package.ts'
export {
  openMessage,
  sealMessage,
  type LastSeen,
  type MessageInput,
  type OpenedMessage,
  type OpenResult,
  type SealedMessage,
  type Sender,
} from './message.ts'
export { applyNotice, type NoticeApplied } from './notices.ts'
export { type Outcome, type RefusalReason, type Refused } from './outcome.ts'
export { decodePending, encodePending, type PendingCommit } from './pending-commit.ts'
export { comparePins, type PinMismatch } from './pins.ts'
export { processCommit, type CommitEntry, type ProcessedCommit } from './process-commit.ts'
export { randomBytes, randomId } from './random.ts'
export {
  parseRecoveryKey,
  recoveryAuthOf,
  type RecoveryAuth,
  type RecoveryKeyProblem,
} from './recovery-key.ts'
export { epochCode, safetyNumber, type Identity, type SafetyNumber } from './safety-number.ts'
export { createStorageKey, openCard, openRecord, sealCard, sealRecord } from './seal.ts'
export { makeSecret, wipe, type Secret } from './secret.ts'
export { signLeave, signRevocation, type LeaveInput } from './statements.ts'
export {
  createVault,
  openVaultWithExportKey,
  openVaultWithRecoveryKey,
  rewrapVault,
  type CreatedVault,
  type HistoryKey,
  type OpenedByRecoveryKey,
  type Vault,
} from './vault.ts'
export {
  accountsOf,
  effectiveAdmins,
  findDevice,
  outstandingRemovals,
  seatedLeaves,
  suiteFor,
  type Change,
  type Notice,
  type Roster,
  type RosterLeaf,
  type SeatedLeaf,
  type Suite,
} from '@brieftaube/group-policy'
