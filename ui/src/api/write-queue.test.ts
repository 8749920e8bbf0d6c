import { array, assert, asyncProperty, boolean, record, string } from 'fast-check'
import { expect, test } from 'vitest'
import { applied, type Change, WriteQueue } from './write-queue'

/** Somewhere that takes its time, and keeps what it is given unless it is `broken`. */
class Shelf {
  value: unknown = []
  broken = false
  writes = 0
  running = 0
  refused: string[] = []
  readonly queue = new WriteQueue(
    {
      read: async () => this.value,
      write: async (value) => {
        this.running += 1
        expect(this.running).toBe(1)
        await Promise.resolve()
        this.running -= 1
        if (this.broken) throw new Error('broken')
        this.writes += 1
        this.value = value
      },
      onKept: () => {},
      onRefused: (changes) => this.refused.push(...changes.map(({ refusal }) => refusal ?? '')),
    },
    () => {},
  )

  shown = () => applied(this.queue.waiting, this.value)

  idle = async () => {
    while (this.queue.waiting.length > 0) await Promise.resolve()
  }
}

const adding = (word: string): Change => ({
  refusal: word,
  apply: (before) => [...(before as string[]), word],
})

test('a change shows at once, and those that come meanwhile are written together', async () => {
  const shelf = new Shelf()
  for (const word of ['a', 'b', 'c']) shelf.queue.add(adding(word))
  expect(shelf.shown()).toEqual(['a', 'b', 'c'])
  await shelf.idle()
  expect(shelf.value).toEqual(['a', 'b', 'c'])
  expect(shelf.writes).toBe(1)
})

test('what another browser changed meanwhile stays', async () => {
  const shelf = new Shelf()
  shelf.value = ['theirs']
  shelf.queue.add(adding('mine'))
  await shelf.idle()
  expect(shelf.value).toEqual(['theirs', 'mine'])
})

test('what is refused goes back, and what comes later is kept', async () => {
  const shelf = new Shelf()
  shelf.broken = true
  shelf.queue.add(adding('a'))
  await shelf.idle()
  expect(shelf.shown()).toEqual([])
  expect(shelf.refused).toEqual(['a'])
  shelf.broken = false
  shelf.queue.add(adding('b'))
  await shelf.idle()
  expect(shelf.value).toEqual(['b'])
})

test('every change is kept in its order or refused, never both, never lost', async () => {
  const step = record({ word: string(), broken: boolean(), pause: boolean() })
  await assert(
    asyncProperty(array(step, { maxLength: 12 }), async (steps) => {
      const shelf = new Shelf()
      for (const { word, broken, pause } of steps) {
        shelf.broken = broken
        shelf.queue.add(adding(word))
        if (pause) await Promise.resolve()
      }
      await shelf.idle()
      const keptWords = shelf.value as string[]
      expect([...keptWords, ...shelf.refused].sort()).toEqual(steps.map(({ word }) => word).sort())
      const order = steps.map(({ word }) => word)
      let from = 0
      for (const word of keptWords) from = order.indexOf(word, from) + 1
      expect(from).toBeGreaterThanOrEqual(keptWords.length)
    }),
  )
})
