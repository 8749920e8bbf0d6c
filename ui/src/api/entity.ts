import { type EntityRef, parseRef } from './ref'
import type { components } from './schema'

/** An entity as the server answers with it. */
export type Entity = components['schemas']['Entity']

/** A problem that the server found while it processed an entity. */
export type StatusItem = components['schemas']['StatusItem']

/** A link in the metadata of an entity. */
export type EntityLink = components['schemas']['Link']

/**
 * A text field of the spec. Entities come from files that anyone may write, so a field of another
 * type is treated as absent; the server reports it among the entity's problems.
 */
export function specText(entity: Entity, field: string): string | undefined {
  const value: unknown = entity.spec?.[field]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Where a Location points: files, folders or addresses. */
export function targetsOf(entity: Entity): string[] {
  const { target, targets } = entity.spec ?? {}
  const listed: unknown[] = Array.isArray(targets) ? targets : []
  return [target, ...listed].filter((one): one is string => typeof one === 'string' && one !== '')
}

/** A text field of `spec.profile`: how people and groups present themselves. */
export function profileText(entity: Entity, field: string): string | undefined {
  const profile: unknown = entity.spec?.profile
  if (typeof profile !== 'object' || profile === null) return undefined
  const value: unknown = Reflect.get(profile, field)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The names that servers give to Locations which nobody wrote: a hash of the target. */
const GENERATED = /^generated-[0-9a-f]{40}$/

/** The name for people: a display name or title where there is one. */
export function titleOf(entity: Entity): string {
  const { title, name } = entity.metadata
  const target = GENERATED.test(name) ? targetsOf(entity)[0] : undefined
  return profileText(entity, 'displayName') ?? title ?? target?.split('/').at(-1) ?? name
}

/** What an annotation says, if it is there. */
export function annotation(entity: Entity, key: string): string | undefined {
  return entity.metadata.annotations?.[key]
}

/** The targets of all relations of one type, in the order in which the server lists them. */
export function relationsOf(entity: Entity, type: string): EntityRef[] {
  return (entity.relations ?? [])
    .filter((relation) => relation.type === type)
    .flatMap((relation) => parseRef(relation.targetRef) ?? [])
}

/** Problems that deserve a marker: informational items do not. */
export function problemsOf(entity: Entity): StatusItem[] {
  return (entity.status?.items ?? []).filter((item) => item.level !== 'info')
}

/** Whether the file or provider that once delivered the entity no longer does. */
export function isOrphan(entity: Entity): boolean {
  return annotation(entity, 'backstage.io/orphan') === 'true'
}
