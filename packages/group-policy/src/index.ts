export {
  applyNotice,
  noticeProblem,
  type AppliedNotice,
  type NoticeProblem,
  type Where,
} from './apply-notice.ts'
export { type Author, type Change } from './changes.ts'
export { decodeCommit, type CommitSender, type CommitSummary } from './commit.ts'
export { decodeEvidence, encodeEvidence, maxEvidence } from './evidence.ts'
export { decodeGroupId, encodeGroupId, groupIdBytes, type GroupId } from './group-id.ts'
export { decodeBareGroupInfo, decodeGroupInfo, type GroupInfoSummary } from './group-info.ts'
export { dueRules, judgeCommit, type Judgement, type PolicyReason } from './judge.ts'
export { decodeKeyPackage, type KeyPackageSummary } from './key-package.ts'
export { lastResortExtensionType, type Leaf, type Lifetime, type RosterLeaf } from './leaf.ts'
export { decodeMessageFrame, type MessageFrame } from './message-frame.ts'
export {
  decodeNotice,
  encodeNotice,
  leaveLabel,
  leaveValidEpochs,
  noticeSignedBytes,
  revokeLabel,
  verifyNotice,
  type LeaveFields,
  type Notice,
  type NoticeFields,
  type RevocationFields,
} from './notice.ts'
export {
  accountsOf,
  decodeRoster,
  effectiveAdmins,
  encodeRoster,
  findDevice,
  noticeNames,
  outstandingRemovals,
  rosterFromTree,
  rosterLeaf,
  rulesOf,
  sameRoster,
  seatedLeaves,
  type Roster,
  type RosterProblem,
  type SeatedLeaf,
} from './roster.ts'
export {
  compareIds,
  decodeRules,
  encodeRules,
  maxBarredDevices,
  rulesExtensionType,
  sortIds,
  type ConversationKind,
  type GroupRules,
} from './rules.ts'
export { isSoundPublicKey, verifyCertificate, verifySignature } from './signature.ts'
export { suiteFacts, suiteFor, suiteFromId, suites, type Suite, type SuiteFacts } from './suite.ts'
export { decodeWelcome, type WelcomeSummary } from './welcome.ts'
