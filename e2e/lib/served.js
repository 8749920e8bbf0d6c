/** What a portal serves, as text that two runs can be compared by. */
import assert from 'node:assert/strict'

/** The reference of an entity. */
export const refOf = ({ kind, metadata }) =>
  `${kind}:${metadata.namespace ?? 'default'}/${metadata.name}`.toLowerCase()

/** The reverse of each relation. */
const PAIRS = [
  ['ownedBy', 'ownerOf'],
  ['partOf', 'hasPart'],
  ['providesApi', 'apiProvidedBy'],
  ['consumesApi', 'apiConsumedBy'],
  ['dependsOn', 'dependencyOf'],
  ['parentOf', 'childOf'],
  ['memberOf', 'hasMember'],
]
const REVERSE = new Map(
  PAIRS.flatMap(([one, other]) => [
    [one, other],
    [other, one],
  ]),
)

/** The relations of `entities`, each as `<reference> <type> <reference>`, sorted. */
export function relationsOf(entities) {
  const relations = entities.flatMap((entity) =>
    (entity.relations ?? []).map(({ type, targetRef }) => `${refOf(entity)} ${type} ${targetRef}`),
  )
  return relations.sort()
}

/** The entity as every database has it: uid and etag are made anew with each. */
export function anywhere(entity) {
  const { uid, etag, ...metadata } = entity.metadata
  return { ...entity, metadata }
}

/** Every entity of a portal as text, sorted; checked to be there once, and related both ways. */
export async function served(portal) {
  const entities = await portal.read('/api/catalog/entities')
  const refs = new Set(entities.map(refOf))
  assert.equal(refs.size, entities.length, 'an entity is served twice')
  const relations = new Set(relationsOf(entities))
  for (const relation of relations) {
    const [source, type, target] = relation.split(' ')
    const reverse = `${target} ${REVERSE.get(type)} ${source}`
    const complete = !refs.has(target) || relations.has(reverse)
    assert.ok(complete, `"${relation}" has no reverse side`)
  }
  return texts(entities)
}

/** Entities as text, sorted. */
export function texts(entities) {
  return entities.map((entity) => `${refOf(entity)} ${JSON.stringify(anywhere(entity))}`).sort()
}
