import { expect, test } from 'vitest'
import { type Entity, problemsOf, relationsOf, specText, targetsOf, titleOf } from './entity'

const entity = (spec: Record<string, unknown>, metadata: Partial<Entity['metadata']> = {}) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'cart', ...metadata },
  spec,
})

test('the name for people is the display name, then the title, then the name', () => {
  expect(titleOf(entity({ profile: { displayName: 'Ada' } }, { title: 'Countess' }))).toBe('Ada')
  expect(titleOf(entity({}, { title: 'Countess' }))).toBe('Countess')
  expect(titleOf(entity({}))).toBe('cart')
})

test('a Location that nobody named is called like its file', () => {
  const name = `generated-${'0a'.repeat(20)}`
  expect(titleOf(entity({ target: '/srv/shop/all.yaml' }, { name }))).toBe('all.yaml')
  expect(titleOf(entity({}, { name }))).toBe(name)
})

test('a field of the wrong type counts as absent', () => {
  const odd = entity({ type: ['x'], profile: 'none', target: 7, targets: ['a', 3, ''] })
  expect(specText(odd, 'type')).toBeUndefined()
  expect(specText(odd, '__proto__')).toBeUndefined()
  expect(titleOf(odd)).toBe('cart')
  expect(targetsOf(odd)).toEqual(['a'])
})

test('relations that cannot be read and notes that are no problem are left out', () => {
  const type = 'backstage.io/catalog-processing'
  const full: Entity = {
    ...entity({}),
    relations: [
      { type: 'ownedBy', targetRef: 'nonsense' },
      { type: 'ownedBy', targetRef: 'group:default/shop' },
    ],
    status: {
      items: [
        { type, level: 'info', message: 'fine' },
        { type, level: 'warning', message: 'odd' },
      ],
    },
  }
  expect(relationsOf(full, 'ownedBy')).toHaveLength(1)
  expect(problemsOf(full).map(({ message }) => message)).toEqual(['odd'])
})
