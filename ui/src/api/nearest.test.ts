import { expect, test } from 'vitest'
import { guesses, likeness, nearest } from './nearest'

test('the whole name is searched for first, then its parts, then its beginning', () => {
  expect(guesses('payment-gatewy')).toEqual(['payment-gatewy', 'payment', 'gatewy'])
  expect(guesses('crat')).toEqual(['crat', 'cra'])
})

test('a slip of the finger is nearer than a shared word', () => {
  const entity = (name: string) => ({ apiVersion: 'v1', kind: 'API', metadata: { name } })
  const found = nearest('payment-gatewy', ['payments', 'payment-gateway', 'pay'].map(entity))
  expect(found[0]?.metadata.name).toBe('payment-gateway')
  expect(likeness('same', 'same')).toBe(1)
  expect(likeness('', 'x')).toBe(0)
})
