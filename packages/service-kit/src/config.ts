/** Environment → configuration: pure, once, frozen. */
import { z } from 'zod'

export const variablePrefix = 'BRIEFTAUBE_'

/** Thrown with one sentence per problem, for the person who starts the service. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads `BRIEFTAUBE_<NAME>` for every name of the schema. An unknown variable with our prefix stops the start, because it
 * is a misspelt one; `ignore` names those that belong to others (the test runner). Values are never part of a message.
 */
export function readConfig<Shape extends z.ZodRawShape>(
  environment: Readonly<Record<string, string | undefined>>,
  shape: Shape,
  ignore: readonly string[] = [],
): Readonly<z.infer<z.ZodObject<Shape>>> {
  const values: Record<string, string> = {}
  const problems: string[] = []
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith(variablePrefix) || value === undefined || ignore.includes(variable)) continue
    const name = variable.slice(variablePrefix.length)
    if (Object.hasOwn(shape, name)) values[name] = value
    else problems.push(`${variable} is not a setting of this service; check its spelling.`)
  }
  const parsed = z.object(shape).safeParse(values)
  for (const issue of parsed.error?.issues ?? []) {
    problems.push(`${variablePrefix}${String(issue.path[0])}: ${explain(issue)}`)
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems.join('\n'))
  return deepFreeze(parsed.data)
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return 'is missing or has the wrong form.'
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}.`
  return 'has the wrong form.'
}

/** Makes a literal configuration unchangeable, to any depth; bytes cannot be frozen and stay as they are. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value))
    return value
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
  return value
}

/** Building blocks for settings. */
export const settings = {
  port: z.coerce.number().int().min(0).max(65_535),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']),
  flag: z.enum(['true', 'false']).transform((text) => text === 'true'),
  /** Comma-separated origins: scheme, host, port; nothing after. */
  origins: z.string().transform((text, context) => {
    const origins = text.split(',').map((each) => each.trim())
    const bad = origins.some((each) => !URL.canParse(each) || new URL(each).origin !== each)
    if (bad) context.addIssue({ code: 'custom', message: 'must be a list of origins' })
    return origins
  }),
} as const
