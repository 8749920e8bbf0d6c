// @vitest-environment jsdom
import { anything, assert, property } from 'fast-check'
import { expect, test } from 'vitest'
import { EVERYTHING } from './catalog-search'
import { oneOf, starredPredicate } from './starred-search'
import { MOST_STARS, readStars } from './stars'

test('stars are read in their canonical form, each once, and nonsense is left out', () => {
  const wild = ['Component:default/Cart', 'component:cart', 'api:shop/orders', 'cart', 7, null, '']
  expect(readStars(wild)).toEqual(['component:default/cart', 'api:shop/orders'])
  expect(readStars({ refs: [] })).toEqual([])
  expect(readStars(null)).toEqual([])
})

test('whatever is kept can be read, and reading what was read changes nothing', () => {
  assert(
    property(anything(), (wild) => {
      const stars = readStars(wild)
      expect(readStars(stars)).toEqual(stars)
    }),
  )
})

test('of too many stars the latest are kept', () => {
  const many = Array.from({ length: MOST_STARS + 2 }, (_, n) => `component:default/c${n}`)
  expect(readStars(many)).toHaveLength(MOST_STARS)
  expect(readStars(many).at(-1)).toBe(many.at(-1))
})

test('the server is asked by kind and namespace, beside the other filters', () => {
  const filters = { ...EVERYTHING.filters, kind: ['component'], tag: ['java', 'go'] }
  const search = { ...EVERYTHING, starred: true, filters }
  const stars = ['component:default/a', 'api:default/b', 'component:default/c']
  expect(starredPredicate(search, stars, 'kind')).toEqual({
    $all: [
      {
        $any: [
          {
            kind: 'component',
            'metadata.namespace': 'default',
            'metadata.name': { $in: ['a', 'c'] },
          },
          { kind: 'api', 'metadata.namespace': 'default', 'metadata.name': { $in: ['b'] } },
        ],
      },
      { 'metadata.tags': { $in: ['java', 'go'] } },
    ],
  })
  expect(oneOf([])).toEqual({ $any: [] })
})

test('stars in very many namespaces stay within what the server reads', () => {
  const many = Array.from({ length: MOST_STARS }, (_, n) => `component:space-${n}/c`)
  const { $any } = oneOf(many)
  expect($any).toHaveLength(160)
})
