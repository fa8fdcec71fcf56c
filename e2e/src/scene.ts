/** A product and its people for one file of stories, put away at its end; a failed story leaves pictures. */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { Person, type PersonOptions } from './person.ts'
import { freePort } from '@brieftaube/service-kit'
import { startProduct, temporaryFolder, type Product } from './product.ts'

export interface Scene extends AsyncDisposable {
  readonly product: Product
  readonly dataFolder: string
  enter(options: PersonOptions): Promise<Person>
  /** Two people who may write to each other, the direct conversation open on both sides. */
  introduce(one: Person, other: Person): Promise<void>
  restartServer(how: 'stop' | 'kill'): Promise<void>
  photograph(name: string): Promise<void>
  /** What pages and workers complained about, by person. */
  complaints(): string[]
}

export async function openScene(name: string): Promise<Scene> {
  const folder = await temporaryFolder(name)
  const port = await freePort()
  let product = await startProduct({ port, dataFolder: folder.path })
  const people: Person[] = []
  return {
    get product() {
      return product
    },
    dataFolder: folder.path,
    enter: async (options) => {
      const person = await Person.open(product, options)
      people.push(person)
      return person
    },
    introduce: async (one, other) => {
      await one.requestContact(other.name)
      await other.acceptContact(one.displayName)
      await one.writeTo(other.displayName)
      await one.write(`Hallo ${other.displayName}`)
      await other.openChat(one.displayName)
      await other.sees(`Hallo ${other.displayName}`)
    },
    restartServer: async (how) => {
      await (how === 'stop' ? product.stop() : product.kill())
      product = await startProduct({ port, dataFolder: folder.path })
    },
    photograph: async (story) => {
      const pictures = path.join('.cache', 'failed')
      await mkdir(pictures, { recursive: true })
      for (const [index, person] of people.entries())
        await person.photograph(
          path.join(pictures, `${story.replace(/\W+/g, '-')}-${String(index)}-${person.name}.png`),
        )
    },
    complaints: () =>
      people.flatMap((person) =>
        person.profile.complaints.map((complaint) => `${person.name}: ${complaint}`),
      ),
    [Symbol.asyncDispose]: async () => {
      for (const person of people) await person[Symbol.asyncDispose]()
      await product.stop()
      await folder[Symbol.asyncDispose]()
    },
  }
}
