/**
 * The application ratchets of a secret tree (RFC 9420 section 9), for storage. Only these are ever used: commits travel as
 * PublicMessages, so that handshake ratchets are dead weight, and the ratchets of parent nodes do not exist in MLS.
 * u32 leaves · per leaf: generation u32 · secret u8-length · u32 count of skipped (generation u32 · secret)
 */
import type { ClientState } from 'ts-mls'
import { limits, MalformedError, type Bytes, type Reader, type Writer } from '@brieftaube/protocol'

type SecretTree = ClientState['secretTree']
type Ratchet = SecretTree[number]['application']

const maxLeaves = 2 ** Math.ceil(Math.log2(limits.maxLeaves))
const noRatchet: Ratchet = { secret: new Uint8Array(0), generation: 0, unusedGenerations: {} }

export function writeRatchets(writer: Writer, tree: SecretTree): void {
  const leaves = tree.filter((_, index) => index % 2 === 0)
  writer.u32(leaves.length)
  for (const { application } of leaves) {
    writer.u32(application.generation)
    writeSecret(writer, application.secret)
    const skipped = Object.entries(application.unusedGenerations)
    writer.u32(skipped.length)
    for (const [generation, secret] of skipped) {
      writer.u32(Number(generation))
      writeSecret(writer, secret)
    }
  }
}

export function readRatchets(reader: Reader): SecretTree {
  const leaves = reader.u32()
  if (leaves > maxLeaves) throw new MalformedError('too many ratchets')
  const parent = { application: noRatchet, handshake: noRatchet }
  return Array.from({ length: Math.max(0, 2 * leaves - 1) }, (_, index) =>
    index % 2 === 0 ? { application: readRatchet(reader), handshake: noRatchet } : parent,
  )
}

function readRatchet(reader: Reader): Ratchet {
  const generation = reader.u32()
  const secret = readSecret(reader)
  const skipped: Record<number, Bytes> = {}
  for (let count = reader.u32(); count > 0; count--) skipped[reader.u32()] = readSecret(reader)
  return { secret, generation, unusedGenerations: skipped }
}

function writeSecret(writer: Writer, secret: Uint8Array): void {
  writer.u8(secret.length).raw(secret)
}

function readSecret(reader: Reader): Bytes {
  return reader.raw(reader.u8())
}
