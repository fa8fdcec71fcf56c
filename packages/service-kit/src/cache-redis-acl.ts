/**
 * What the services may do in Redis, and nothing else: their own keys and channels, the commands of `cache-redis.ts` and
 * those that its scripts call. Not in it: FLUSHALL, CONFIG, DEBUG, KEYS, SCAN, and every other name's keys.
 */

/** Before every key and channel of ours. */
export const redisPrefix = 'brieftaube:'

export const redisUserName = 'brieftaube'

const commands = [
  // values, directory and scripts
  'get',
  'set',
  'getdel',
  'del',
  'zadd',
  'zrem',
  'zrangebyscore',
  'zremrangebyscore',
  'pttl',
  'pexpire',
  'time',
  'eval',
  'evalsha',
  // sharded publish/subscribe
  'spublish',
  'ssubscribe',
  'sunsubscribe',
  // the driver's: whether it answers, whether it still loads
  'ping',
  'info',
]

/** Finding the other nodes, and following a slot that moves. */
const clusterCommands = ['cluster|slots', 'cluster|info', 'asking', 'client|setname']

export interface RedisUserOptions {
  /** Lower-case hex of the password's SHA-256, so that the file holds no password. */
  readonly passwordSha256: string
  /** Whether Redis runs as a Cluster. */
  readonly cluster?: boolean | undefined
}

/**
 * The lines of an ACL file (Redis 7, `aclfile`): our user, and the default user switched off, so that nobody is let in
 * without a name.
 */
export function redisAclRules({ passwordSha256, cluster = false }: RedisUserOptions): string[] {
  const allowed = [...commands, ...(cluster ? clusterCommands : [])].map((command) => `+${command}`)
  const user = [
    `user ${redisUserName} reset on`,
    `#${passwordSha256}`,
    `~${redisPrefix}*`,
    `&${redisPrefix}*`,
    '-@all',
    ...allowed,
  ]
  return ['user default reset off', user.join(' ')]
}
