import { expect, test } from 'vitest'
import { returnAddress } from './return-address'

test('an address of this portal is kept', () => {
  for (const address of ['/', '/catalog?kind=api&sort=-name', '/catalog/default/api/x#y']) {
    expect(returnAddress(address)).toBe(address)
  }
})

test('whatever could lead elsewhere leads home', () => {
  for (const address of [
    'https://evil.org',
    '//evil.org',
    '/\\evil.org',
    '/\t/evil.org',
    'javascript:alert(1)',
    'catalog',
    '',
    undefined,
    7,
    ['/a', '/b'],
  ]) {
    expect(returnAddress(address)).toBe('/')
  }
})
