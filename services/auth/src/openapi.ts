/** The REST interface as an OpenAPI 3.1 document, from the protocol's routes and schemas alone. */
import { authRoutes, chatRoutes, errorBodySchema, errorTable, limits, type Route } from '@brieftaube/protocol'
import { z } from 'zod'

type Json = Record<string, unknown>

export function createOpenApi(options: { title: string; version: string }): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of [...Object.values<Route>(authRoutes), ...Object.values<Route>(chatRoutes)]) {
    const path = route.path.replace(/:([a-z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeRoute(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: options.title,
      version: options.version,
      license: { name: 'AGPL-3.0-only', identifier: 'AGPL-3.0-only' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Error: schemaOf(errorBodySchema) },
      responses: {
        Error: {
          description: describeErrors(),
          content: jsonContent({ $ref: '#/components/schemas/Error' }),
        },
      },
      securitySchemes: {
        session: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A device’s access token.',
        },
        admin: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An administrator’s access token.',
        },
        enrolment: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A proven login without a device.',
        },
      },
    },
  }
}

function describeRoute(route: Route): Json {
  const parameters = [...route.path.matchAll(/:([a-z]+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const reply =
    route.replyForm === 'none'
      ? { 204: { description: 'Done.' } }
      : { 200: { description: 'The answer.', content: contentOf(route.replyForm, route.reply) } }
  return {
    operationId: route.name,
    summary: route.summary,
    tags: [route.path.split('/')[2] ?? ''],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.requestForm === 'none'
      ? {}
      : { requestBody: { required: true, content: contentOf(route.requestForm, route.request) } }),
    responses: { ...reply, default: { $ref: '#/components/responses/Error' } },
    security: route.access === 'public' ? [] : [{ [route.access]: [] }],
    'x-max-request-bytes': route.maxRequestBytes ?? limits.jsonBodyMaxBytes,
    ...(route.rate === undefined ? {} : { 'x-rate': route.rate }),
  }
}

function contentOf(form: 'json' | 'bytes', schema: z.ZodType): Json {
  return form === 'json' ? jsonContent(schemaOf(schema)) : { 'application/octet-stream': {} }
}

function jsonContent(schema: Json): Json {
  return { 'application/json': { schema } }
}

/** OpenAPI 3.1 takes JSON Schema 2020-12 as it is; the dialect is the document's default and need not be repeated. */
function schemaOf(schema: z.ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    unrepresentable: 'any',
    io: 'input',
  })
  return rest
}

function describeErrors(): string {
  const rows = Object.entries(errorTable).map(([code, row]) => `${row.status} ${code}: ${row.action}`)
  return `One of the closed table of errors.\n\n${rows.join('\n')}`
}
