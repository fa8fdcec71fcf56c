/** Every size, count, rate and lifetime of the product, in one table. */

const KIB = 1024
const MIB = 1024 * KIB
const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

export const limits = {
  // names and profile
  userNameMinChars: 3,
  userNameMaxChars: 32,
  displayNameMaxChars: 64,
  statusTextMaxChars: 140,
  deviceNameMaxChars: 64,
  pictureMaxBytes: 64 * KIB,
  passwordMinChars: 12,
  passwordMaxChars: 256,

  // binary sizes
  certificateMaxBytes: 512,
  vaultMaxBytes: 4 * KIB,
  opaqueMessageMaxBytes: 2 * KIB,
  mlsMessageMaxBytes: 16 * KIB,
  bodyMaxBytes: 64 * KIB,
  socketFrameMaxBytes: 128 * KIB,
  keyPackageMaxBytes: 8 * KIB,
  keyPackageUploadMaxBytes: MIB,
  commitBundleMaxBytes: 4 * MIB,
  noticeMaxBytes: KIB,
  cardMaxBytes: 4 * KIB,
  ephemeralMaxBytes: 2 * KIB,
  jsonBodyMaxBytes: 64 * KIB,
  tokenMaxBytes: 4 * KIB,

  // MLS
  maxLeaves: 2000,
  postQuantumMaxLeaves: 100,
  retainedGenerations: 64,
  forwardSteps: 5000,
  pastEpochs: 2,
  pendingNotices: 1000,
  keyPackageLifetimeMs: 90 * DAY,
  keyPackagesPerSuite: 50,
  keyPackagesRefillBelow: 25,
  bodyBucketBytes: 256,

  // log
  pageEntries: 50,
  catchUpPageEntries: 200,
  batchMaxEntries: 512,
  batchMaxBytes: MIB,
  laneQueueMaxEntries: 8192,
  devicesPerAccount: 20,
  conversationsPerAccount: 5000,
  contactsPerAccount: 5000,
  pendingRequestsPerAccount: 100,

  // sessions
  accessTokenMs: 10 * MINUTE,
  refreshTokenMs: 60 * DAY,
  refreshGraceMs: 10 * SECOND,
  socketTicketMs: 30 * SECOND,
  enrolmentTokenMs: 10 * MINUTE,
  loginStateMs: 2 * MINUTE,
  inviteMs: 7 * DAY,
  unauthenticatedSocketMs: 5 * SECOND,
  socketsPerDevice: 5,

  // real time
  outboundSoftBytes: 256 * KIB,
  outboundHardBytes: MIB,
  headComparisonMs: 30 * SECOND,
  pingIntervalMs: 20 * SECOND,
  pingTimeoutMs: 12 * SECOND,
  typingEveryMs: 3 * SECOND,
  typingExpiresMs: 6 * SECOND,
  receiptCoalesceMs: 500,
  receiptFlushMs: 1500,
  presenceOfflineAfterMs: 20 * SECOND,
  presenceBatchMs: 1500,
  revocationPollMs: 2 * SECOND,
} as const

/** A token bucket: `burst` at once, then one more every `refillMs`. */
export interface Rate {
  readonly burst: number
  readonly refillMs: number
  /** What happens while the shared counter is away: refuse, or count locally. */
  readonly whenUncounted: 'refuse' | 'local'
}

export const rates = {
  login: { burst: 5, refillMs: MINUTE, whenUncounted: 'refuse' },
  loginPerNetwork: { burst: 30, refillMs: 2 * SECOND, whenUncounted: 'refuse' },
  registrationPerNetwork: { burst: 20, refillMs: MINUTE, whenUncounted: 'refuse' },
  keyPackageClaim: { burst: 6, refillMs: 10 * MINUTE, whenUncounted: 'refuse' },
  lookup: { burst: 100, refillMs: 15 * MINUTE, whenUncounted: 'refuse' },
  // an outbox that was filled on a long train ride empties at once
  message: { burst: 300, refillMs: SECOND, whenUncounted: 'local' },
  commit: { burst: 60, refillMs: SECOND, whenUncounted: 'local' },
  ephemeral: { burst: 20, refillMs: SECOND, whenUncounted: 'local' },
  contactRequest: { burst: 30, refillMs: 10 * MINUTE, whenUncounted: 'refuse' },
  socketEvent: { burst: 1200, refillMs: 20, whenUncounted: 'local' },
  restPerDevice: { burst: 300, refillMs: 50, whenUncounted: 'local' },
  socketPerDevice: { burst: 30, refillMs: 2 * SECOND, whenUncounted: 'local' },
} as const satisfies Record<string, Rate>

export type RateName = keyof typeof rates
