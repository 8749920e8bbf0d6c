import { anything, array, assert, constantFrom, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import {
  CARDS,
  DEFAULT_LAYOUT,
  kept,
  LAYOUT,
  type Layout,
  moved,
  readLayout,
  resized,
  SIZES,
  withCard,
  without,
} from './home-layout'

const cards = (layout: Layout) => layout.map(({ card }) => card)
const card = constantFrom(...CARDS)
const size = constantFrom(...SIZES)
const layouts = array(record({ card, size }), { maxLength: 8 }).map((all) =>
  readLayout({ version: 1, cards: all }),
)

test('moving a card loses none, doubles none, and puts it where it should be', () => {
  assert(
    property(layouts, card, integer({ min: -2, max: 9 }), (layout, one, place) => {
      const after = moved(layout, one, place)
      expect(cards(after).sort()).toEqual(cards(layout).sort())
      if (!cards(layout).includes(one)) return
      const at = Math.max(0, Math.min(layout.length - 1, place))
      expect(cards(after)[at]).toBe(one)
      expect(cards(without(after, one))).toEqual(cards(without(layout, one)))
    }),
  )
})

test('adding, removing and resizing touch one card only', () => {
  assert(
    property(layouts, card, size, (layout, one, wide) => {
      const others = without(layout, one)
      expect(cards(withCard(layout, one))).toEqual([...cards(others), one])
      expect(without(withCard(layout, one), one)).toEqual(others)
      expect(without(resized(layout, one, wide), one)).toEqual(others)
      expect(cards(resized(layout, one, wide))).toEqual(cards(layout))
    }),
  )
})

test('whatever is kept can be read, and reading what was read changes nothing', () => {
  assert(
    property(anything(), (wild) => {
      const layout = readLayout(wild)
      expect(new Set(cards(layout)).size).toBe(layout.length)
      expect(readLayout(kept(layout))).toEqual(layout)
    }),
  )
})

test('unknown cards are left out, unknown sizes are the usual one, unknown forms count as none', () => {
  const wild = [{ card: 'clock', size: 'S' }, { card: 'links', size: 'XL' }, 'starred', null]
  expect(readLayout({ version: 1, cards: wild })).toEqual([{ card: 'links', size: 'M' }])
  expect(readLayout({ version: 1, cards: [] })).toEqual([])
  expect(readLayout({ version: 2, cards: [] })).toBe(DEFAULT_LAYOUT)
  expect(readLayout('[]')).toBe(DEFAULT_LAYOUT)
  expect(LAYOUT.read(null)).toBeNull()
})
