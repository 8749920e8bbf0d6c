import { anything, assert, property } from 'fast-check'
import { expect, test } from 'vitest'
import { destinationsOf, MOST_VISITS, mostVisited, readVisits, withSeen } from './visits'

const CART = {
  id: 'one',
  name: 'cart',
  pathname: '/catalog/default/component/cart',
  hits: 2,
  timestamp: 1000,
  entityRef: 'component:default/cart',
}

test('visits that Backstage kept are read, and nonsense is left out', () => {
  const wild = [
    CART,
    { ...CART, pathname: '//elsewhere.example' },
    { ...CART, pathname: 'javascript:alert(1)' },
    { ...CART, pathname: '/a', hits: '2' },
    { ...CART, pathname: '/b', timestamp: Number.NaN },
    'cart',
  ]
  expect(readVisits(wild)).toEqual([CART])
})

test('whatever is kept can be read, and reading what was read changes nothing', () => {
  assert(
    property(anything(), (wild) => {
      const visits = readVisits(wild)
      expect(readVisits(visits)).toEqual(visits)
      expect(destinationsOf(visits).length).toBeLessThanOrEqual(visits.length)
    }),
  )
})

test('a page that somebody comes back to counts once more and comes first', () => {
  const shop = { name: 'Shop', pathname: '/catalog/default/system/shop', timestamp: 2000 }
  const again = { name: 'Cart', pathname: CART.pathname, timestamp: 3000 }
  const visits = withSeen([CART], [shop, again])
  expect(visits.map(({ name, hits }) => [name, hits])).toEqual([
    ['Cart', 3],
    ['Shop', 1],
  ])
  expect(visits[0]?.id).toBe('one')
})

test('the oldest visits are forgotten', () => {
  const seen = Array.from({ length: MOST_VISITS + 5 }, (_, n) => ({
    name: `c${n}`,
    pathname: `/catalog/default/component/c${n}`,
    timestamp: n,
  }))
  const visits = withSeen([], seen)
  expect(visits).toHaveLength(MOST_VISITS)
  expect(visits.at(-1)?.name).toBe('c5')
})

test('pages about one entity are one destination, and pages that are not here are none', () => {
  const docs = { ...CART, pathname: `${CART.pathname}/docs`, hits: 3, timestamp: 5000 }
  const audit = { id: 'x', name: '?', pathname: '/admin/audit', hits: 9, timestamp: 10 }
  const radar = { ...audit, pathname: '/tech-radar' }
  const found = destinationsOf(readVisits([CART, docs, audit, radar]))
  expect(found.map(({ path, name, hits }) => [path, name, hits])).toEqual([
    [CART.pathname, 'cart', 5],
    ['/admin/audit', 'Audit', 9],
  ])
  expect(mostVisited(found)[0]?.name).toBe('Audit')
})
