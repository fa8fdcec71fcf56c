import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openScene, type Person, type Scene } from '@brieftaube/e2e'

let scene: Scene
let alice: Person
let bob: Person

beforeAll(async () => {
  scene = await openScene('tabs')
  alice = await scene.enter({ name: 'alice' })
  bob = await scene.enter({ name: 'bob' })
  await Promise.all([alice.register(), bob.register()])
  await scene.introduce(alice, bob)
})
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await scene.photograph(task.name)
})
afterAll(() => scene[Symbol.asyncDispose]())

// one try: it uses its scene up, a second would have no first tab
test(
  'two tabs write at the same time, the first is closed in the middle: nothing lost, nothing twice',
  { retry: 0 },
  async () => {
    const second = await alice.profile.context.newPage()
    await second.goto(alice.page.url())
    const composer = second.getByRole('textbox', { name: /^Nachricht an/ })
    await composer.waitFor()
    const write = async (from: number): Promise<string[]> => {
      const texts: string[] = []
      for (let index = from; index < from + 10; index++) {
        const text = `zweiter Tab ${String(index)}`
        await composer.fill(text)
        await composer.press('Enter')
        texts.push(text)
      }
      return texts
    }
    const first = (async () => {
      const texts: string[] = []
      for (let index = 0; index < 10; index++) {
        const text = `erster Tab ${String(index)}`
        await alice.write(text)
        texts.push(text)
      }
      // the last one is on screen, so it has been taken
      await alice.sees('erster Tab 9')
      // the first tab is the writer of the profile; its end comes without a word
      await alice.page.close({ runBeforeUnload: false })
      return texts
    })()
    const written = [...(await write(0)), ...(await first), ...(await write(10))]
    await bob.sees('zweiter Tab 19')
    await bob.page.waitForTimeout(1_000)
    const shown = await everything(bob)
    for (const text of written)
      expect(
        shown.filter((each) => each === text),
        text,
      ).toHaveLength(1)
    const own = (name: string) => shown.filter((each) => each.startsWith(name))
    expect(own('erster Tab')).toEqual(written.filter((each) => each.startsWith('erster Tab')))
    expect(own('zweiter Tab')).toEqual(written.filter((each) => each.startsWith('zweiter Tab')))
  },
)

/**
 * All texts of the open conversation, oldest first; the list is virtualised, so it is walked from its end. A text that is
 * on screen twice at once is listed twice.
 */
async function everything(person: Person): Promise<string[]> {
  const order: string[] = []
  await person.log.hover()
  for (let step = 0; step < 60; step++) {
    const rows = await person.log.getByRole('article').allTextContents()
    const texts = rows
      .map((row) => /(?:erster|zweiter) Tab \d+(?=\d\d:\d\d)/.exec(row)?.[0] ?? '')
      .filter((text) => text !== '')
    const fresh = texts.filter((text, index) => {
      const shownBefore = texts.slice(0, index).filter((each) => each === text).length
      return order.filter((each) => each === text).length <= shownBefore
    })
    order.unshift(...fresh)
    await person.page.mouse.wheel(0, -200)
    await person.page.waitForTimeout(50)
  }
  return order
}

test('no page wrote an error', () => {
  expect(scene.complaints()).toEqual([])
})
