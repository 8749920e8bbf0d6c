import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  DEFAULT_GRAPH,
  DIRECTIONS,
  type GraphSearch,
  readGraphSearch,
  writeGraphSearch,
} from './graph-search'
import { parseSearch, stringifySearch } from './url-search'

const read = (address: string) => readGraphSearch(parseSearch(address))
const write = (search: GraphSearch) => stringifySearch(writeGraphSearch(search))

test('an address that Backstage wrote keeps its meaning', () => {
  const address =
    '?rootEntityRefs%5B%5D=component%3Adefault%2Fcart&maxDepth=%E2%88%9E&selectedKinds%5B%5D=API&selectedKinds%5B%5D=Group' +
    '&selectedRelations%5B%5D=ownedBy&unidirectional=false&mergeRelations=false&direction=TB&showFilters=false&curve=curveStepBefore'
  expect(read(address)).toEqual({
    roots: ['component:default/cart'],
    depth: Number.POSITIVE_INFINITY,
    kinds: ['api', 'group'],
    relations: ['ownedBy'],
    expanded: [],
    unidirectional: false,
    mergeRelations: false,
    direction: 'TB',
    curve: 'curveStepBefore',
    showFilters: false,
    list: false,
  })
})

test('lists may be numbered, or be no lists', () => {
  expect(read('?rootEntityRefs[0]=Component:Cart&rootEntityRefs[1]=api:x/y').roots).toEqual([
    'component:default/cart',
    'api:x/y',
  ])
  expect(read('?rootEntityRefs=component:cart').roots).toEqual(['component:default/cart'])
})

test.each([
  '',
  '?maxDepth=0&direction=XY&curve=wild&unidirectional=perhaps&rootEntityRefs[]=cart',
  '?maxDepth=-3',
  '?maxDepth=many&rootEntityRefs[]=&selectedKinds[]=&__proto__=x&rootEntityRefsX[]=a:b',
])('whatever makes no sense counts as absent: %s', (address) => {
  expect(read(address)).toEqual(DEFAULT_GRAPH)
})

test('a depth beyond all reason is cut', () => expect(read('?maxDepth=1e9').depth).toBe(20))

const ref = fc
  .tuple(fc.constantFrom('component', 'api'), fc.stringMatching(/^[a-z0-9-]{1,8}$/))
  .map(([kind, name]) => `${kind}:default/${name}`)

test('what is written is read again', () => {
  const searches: fc.Arbitrary<GraphSearch> = fc.record({
    roots: fc.uniqueArray(ref, { maxLength: 3 }),
    depth: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(Number.POSITIVE_INFINITY)),
    kinds: fc.uniqueArray(fc.constantFrom('api', 'group', 'x y&z')),
    relations: fc.uniqueArray(fc.constantFrom('ownedBy', 'a/b=c', '∞')),
    expanded: fc.uniqueArray(ref, { maxLength: 2 }),
    unidirectional: fc.boolean(),
    mergeRelations: fc.boolean(),
    direction: fc.constantFrom(...DIRECTIONS),
    curve: fc.constantFrom('curveMonotoneX', 'curveStepBefore'),
    showFilters: fc.boolean(),
    list: fc.boolean(),
  })
  fc.assert(
    fc.property(searches, (search) => {
      expect(read(write(search))).toEqual(search)
    }),
  )
})
