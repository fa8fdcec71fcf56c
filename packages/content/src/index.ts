export { cleanName } from './clean-name.ts'
export { contentMaxBytes, mentionsMax, textMaxBytes, titleMaxChars } from './content-limits.ts'
export {
  contentSchema,
  contentVersion,
  decodeContent,
  encodeContent,
  type Content,
  type Envelope,
  type Unsupported,
} from './envelope.ts'
export { type GroupInfoContent } from './group-info.ts'
export { messageReferenceSchema, type MessageReference, type TextContent } from './text.ts'
