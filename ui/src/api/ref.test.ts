import { assert, property, stringMatching } from 'fast-check'
import { expect, test } from 'vitest'
import { parseRef, printRef, refOf, shortName } from './ref'

const kind = stringMatching(/^[a-z][a-z0-9]{0,10}$/)
const namespace = stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,4})?$/)
const name = stringMatching(/^[a-z0-9]([-a-z0-9_.]{0,10}[a-z0-9])?$/)

test('what is printed is read back', () => {
  assert(
    property(kind, namespace, name, (kind, namespace, name) => {
      const ref = { kind, namespace, name }
      expect(parseRef(printRef(ref))).toEqual(ref)
    }),
  )
})

test.each([
  ['component:default/cart', undefined, 'component:default/cart'],
  ['Component:Cart', undefined, 'component:default/cart'],
  ['shop/cart', { kind: 'API' }, 'api:shop/cart'],
  ['cart', { kind: 'API', namespace: 'shop' }, 'api:shop/cart'],
  // A slash before the colon means that the colon belongs to the name.
  ['shop/a:b', { kind: 'api' }, 'api:shop/a:b'],
])('reads %s', (text, defaults, expected) => {
  const ref = parseRef(text, defaults)
  expect(ref && printRef(ref)).toBe(expected)
})

test.each([
  '',
  ':',
  'cart',
  'component:',
  ':default/cart',
  'component:/cart',
  'component:default/',
])('refuses %j', (text) => expect(parseRef(text)).toBeUndefined())

test('only a foreign namespace is part of a short name', () => {
  expect(shortName({ kind: 'api', namespace: 'default', name: 'cart' })).toBe('cart')
  expect(shortName({ kind: 'api', namespace: 'shop', name: 'cart' })).toBe('shop/cart')
})

test('an entity without a namespace is in the default one', () => {
  expect(printRef(refOf({ kind: 'API', metadata: { name: 'Cart' } }))).toBe('api:default/cart')
})
