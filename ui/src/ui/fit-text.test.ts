import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitText } from './fit-text'

/** Every letter is one wide. */
const measure = (text: string) => [...text].length

test.each([
  ['short', 10, 'short'],
  ['exactly 10', 10, 'exactly 10'],
  ['a little too long', 10, 'a little…'],
  ['🚂🚃🚃🚃', 3, '🚂🚃…'],
  ['x'.repeat(100_000), 5, 'xxxx…'],
  ['anything', 0, '…'],
])('%s within %i', (text, width, expected) => expect(fitText(text, width, measure)).toBe(expected))

test('what is cut fits, and begins as the text does', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, width) => {
      const cut = fitText(text, width, measure)
      expect(measure(cut)).toBeLessThanOrEqual(width)
      expect(text.startsWith(cut.replace(/…$/, ''))).toBe(true)
    }),
  )
})
