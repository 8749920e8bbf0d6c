import { expect, test } from 'vitest'
import type { Entity } from './entity'
import { groupRelations } from './relations'

const entity = (...relations: [type: string, targetRef: string][]): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'cart' },
  relations: relations.map(([type, targetRef]) => ({ type, targetRef })),
})

test('well-known relations come first and each target once', () => {
  const groups = groupRelations(
    entity(
      ['promotedTo', 'environment:default/live'],
      ['ownedBy', 'group:default/shop'],
      ['dependsOn', 'resource:default/db'],
      ['dependsOn', 'Resource:default/DB'],
    ),
  )
  expect(groups.map(({ title, targets }) => `${title}: ${targets.length}`)).toEqual([
    'Depends on: 1',
    'Owned by: 1',
    'Promoted to: 1',
  ])
})

test('what is above comes before what is within', () => {
  const [owned] = groupRelations(
    entity(
      ['ownerOf', 'api:default/b'],
      ['ownerOf', 'component:default/a'],
      ['ownerOf', 'system:default/z'],
    ),
  )
  expect(owned?.targets.map(({ name }) => name)).toEqual(['z', 'a', 'b'])
})

test('a malformed target or a hostile type breaks nothing', () => {
  const groups = groupRelations(
    entity(['dependsOn', 'nothing'], ['constructor', 'a:b/c'], ['__proto__', 'a:b/c']),
  )
  expect(groups.map(({ title }) => title)).toEqual(['__proto__', 'Constructor'])
})
