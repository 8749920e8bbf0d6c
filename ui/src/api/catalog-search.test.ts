import {
  array,
  assert,
  boolean,
  constantFrom,
  integer,
  option,
  property,
  record,
  string,
} from 'fast-check'
import { expect, test } from 'vitest'
import {
  type CatalogSearch,
  EVERYTHING,
  filterOf,
  isMine,
  isNarrowed,
  MINE,
  narrowed,
  ownedBy,
  PAGE_SIZES,
  readCatalogSearch,
  SORT_FIELDS,
  type SortColumn,
  writeCatalogSearch,
} from './catalog-search'
import { parseSearch, stringifySearch } from './url-search'

const addressOf = (search: CatalogSearch) => stringifySearch(writeCatalogSearch(search))
const read = (address: string) => readCatalogSearch(parseSearch(address))

const word = string({ minLength: 1, maxLength: 12 })
const search = record({
  kind: array(word, { maxLength: 3 }),
  tag: array(word, { maxLength: 3 }),
  starred: boolean(),
  text: string({ maxLength: 20 }),
  column: constantFrom(...(Object.keys(SORT_FIELDS) as SortColumn[])),
  direction: constantFrom('asc' as const, 'desc' as const),
  size: constantFrom(...PAGE_SIZES),
  cursor: option(word, { nil: undefined }),
  page: integer({ min: 2, max: 400 }),
}).map(({ kind, tag, starred, text, column, direction, size, cursor, page }): CatalogSearch => {
  const filters = { ...EVERYTHING.filters, kind, tag }
  const rest = { filters, starred, text, sort: { column, direction }, size }
  return cursor === undefined ? { ...rest, page: 1 } : { ...rest, cursor, page }
})

test('whatever an address says, writing it and reading it again changes nothing', () => {
  assert(
    property(search, (wild) => {
      const tidy = read(addressOf(wild))
      expect(read(addressOf(tidy))).toEqual(tidy)
    }),
  )
})

test('the usual view has the shortest address', () => {
  expect(addressOf(EVERYTHING)).toBe('')
  expect(read('')).toEqual(EVERYTHING)
})

test('an address can be read by people', () => {
  const owners = ['group:default/payments', 'group:default/search']
  const filters = { ...EVERYTHING.filters, kind: ['component'], owner: owners }
  const address = addressOf({
    ...EVERYTHING,
    filters,
    text: 'pay me',
    sort: { column: 'lifecycle', direction: 'desc' },
    size: 50,
  })
  expect(address).toBe(
    '?kind=component&owner=group:default/payments&owner=group:default/search&q=pay+me&sort=-lifecycle&size=50',
  )
})

test('nonsense in an address counts as absent', () => {
  expect(read('?kind=&type=all&sort=shoe-size&size=7&page=3&tag=__proto__')).toEqual({
    ...EVERYTHING,
    filters: { ...EVERYTHING.filters, tag: ['__proto__'] },
  })
})

test('starred entities are counted through, and owned ones may be among them', () => {
  const starred = { ...EVERYTHING, starred: true, page: 3 }
  expect(addressOf(starred)).toBe('?user=starred&page=3')
  expect(read('?user=starred&page=3&cursor=old')).toEqual(starred)
  expect(read('?filters[user]=starred')).toEqual({ ...EVERYTHING, starred: true })
  expect(addressOf(narrowed(starred, { filters: { owner: [MINE] } }))).toBe(
    '?user=owned&user=starred',
  )
  expect(isNarrowed(starred)).toBe(true)
})

test("Backstage's addresses keep their meaning", () => {
  const address =
    '?filters%5Bkind%5D=Component&filters%5Bowners%5D=payments&filters%5Btags%5D=java&filters%5Btags%5D=go&filters%5Buser%5D=all&filters%5Btext%5D=cart'
  expect(read(address)).toMatchObject({
    filters: { kind: ['component'], owner: ['group:default/payments'], tag: ['java', 'go'] },
    text: 'cart',
  })
})

test('whoever narrows starts on the first page again', () => {
  const later: CatalogSearch = { ...EVERYTHING, cursor: 'abc', page: 4 }
  const next = narrowed(later, { filters: { tag: ['go'] } })
  expect(next.page).toBe(1)
  expect(next).not.toHaveProperty('cursor')
  expect(isNarrowed(later)).toBe(false)
  expect(isNarrowed(next)).toBe(true)
})

test('a filter joins fields with AND and values with OR', () => {
  const filters = { ...EVERYTHING.filters, kind: ['component', 'api'], tag: ['go'] }
  const search = { ...EVERYTHING, filters }
  expect(filterOf(search)).toEqual(['kind=component,kind=api,metadata.tags=go'])
  expect(filterOf(search, 'kind')).toEqual(['metadata.tags=go'])
  expect(filterOf(EVERYTHING)).toEqual([])
})

test('what is mine has a name in the address, and is no group called me', () => {
  const mine = read('?user=owned&owner=me')
  expect(mine.filters.owner).toEqual([MINE, 'group:default/me'])
  expect(addressOf(mine)).toBe('?owner=group:default/me&user=owned')
  expect(read('?filters%5Buser%5D=owned')).toEqual(read('?user=owned'))
  expect(isMine(read('?user=all&owner=me'))).toBe(false)
})

test('the server is asked for the references of whoever looks', () => {
  const mine = read('?user=owned&owner=search')
  const refs = ['user:default/ada', 'group:default/search']
  expect(filterOf(ownedBy(mine, refs))).toEqual([
    'relations.ownedBy=user:default/ada,relations.ownedBy=group:default/search',
  ])
  expect(filterOf(ownedBy(read('?user=owned'), []))).toEqual(['relations.ownedBy=me'])
})
