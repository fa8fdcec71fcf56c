export * from './embedded-postgres.ts'
export { freePort } from './free-port.ts'
export * from './postgres.ts'
export * from './test-database.ts'
export * from './cache.ts'
export { startMemoryCache } from './cache-memory.ts'
export { redisAclRules, redisUserName } from './cache-redis-acl.ts'
export { startRedisCache, type RedisCacheOptions } from './cache-redis.ts'
export * from './rate-limit.ts'
export { TokenBuckets } from './token-bucket.ts'
export * from './call.ts'
export * from './config.ts'
export { createHealth, createHealthRouter, type HealthParts, type HealthReport } from './health.ts'
export * from './http.ts'
export { createMetrics, createMetricsRouter, refusalLabel, secondsBuckets, type Metrics } from './metrics.ts'
export { errorHandler, notFound, replyWithError, toProtocolError } from './http-errors.ts'
export * from './lifecycle.ts'
export {
  createLog,
  networkOf,
  silentLog,
  truncateAddress,
  type Log,
  type LogFields,
  type LogOptions,
} from './log.ts'
export { securityHeaders, type SecurityHeaderOptions } from './security-headers.ts'
export { webFileTypes } from './web-file-types.ts'
export * from './tokens.ts'
export * from './revocation-set.ts'
export * from './secrets.ts'
export type { Pool, PoolClient } from 'pg'
