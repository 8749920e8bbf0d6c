// @vitest-environment jsdom
import { expect, test } from 'vitest'
import type { Entity } from './entity'
import { flawsOf, kindsOf } from './owned'

const entity = (kind: string, name: string, annotations: Record<string, string> = {}): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name, annotations },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/pilots' }],
})
const DOCS = { 'backstage.io/techdocs-ref': 'dir:.' }

test('flaws are counted, the worst first, and what nobody has is not among them', () => {
  const broken = { ...entity('Component', 'broken', DOCS) }
  broken.status = { items: [{ type: 't', level: 'error', message: 'm' }] }
  const noted = { ...entity('API', 'noted') }
  noted.status = { items: [{ type: 't', level: 'info', message: 'm' }] }
  const entities = [
    broken,
    noted,
    entity('Component', 'left', { ...DOCS, 'backstage.io/orphan': 'true' }),
    entity('Component', 'silent'),
  ]
  const names = (missingOwners: ReadonlySet<string>) =>
    flawsOf({ total: 4, entities, missingOwners }).map(({ id, entities: found }) => [
      id,
      found.map(({ metadata }) => metadata.name).join(),
    ])
  expect(names(new Set())).toEqual([
    ['problems', 'broken'],
    ['orphans', 'left'],
    ['undocumented', 'silent'],
  ])
  expect(names(new Set(['group:default/pilots']))).toContainEqual([
    'ownerless',
    'broken,noted,left,silent',
  ])
  expect(kindsOf(entities)).toEqual([
    ['Component', 3],
    ['API', 1],
  ])
})
