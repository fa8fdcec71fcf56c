import { limits } from '../limits.ts'
import { defineRoute } from '../route.ts'
import { profileSchema } from './account-lookup.ts'

/** JPEG, PNG or WebP, checked by content; square, at most 512 px. */
export const pictureSet = defineRoute({
  name: 'pictureSet',
  method: 'PUT',
  path: '/api/auth/profile/picture',
  access: 'session',
  summary: 'Set the own picture.',
  requestForm: 'bytes',
  maxRequestBytes: limits.pictureMaxBytes,
  reply: profileSchema,
})

export const pictureRemove = defineRoute({
  name: 'pictureRemove',
  method: 'DELETE',
  path: '/api/auth/profile/picture',
  access: 'session',
  summary: 'Remove the own picture.',
  reply: profileSchema,
})

export const pictureGet = defineRoute({
  name: 'pictureGet',
  method: 'GET',
  path: '/api/auth/accounts/:account/picture',
  access: 'session',
  summary: 'The picture of an account.',
  replyForm: 'bytes',
})
