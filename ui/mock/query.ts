import type { Entity } from '../src/api/entity'

/** Every `key → values` of an entity in the words of the filter grammar, in lower case keys. */
export function fieldsOf(entity: Entity): Map<string, string[]> {
  const fields = new Map<string, string[]>()
  const add = (key: string, value: string) => {
    const lower = key.toLowerCase()
    fields.set(lower, [...(fields.get(lower) ?? []), value])
  }
  const walk = (key: string, value: unknown) => {
    if (Array.isArray(value)) for (const item of value) walk(key, item)
    else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) walk(`${key}.${name}`, inner)
    } else if (value !== undefined && value !== null) add(key, String(value))
  }
  walk('kind', entity.kind)
  walk('metadata', entity.metadata)
  walk('spec', entity.spec)
  for (const { type, targetRef } of entity.relations ?? []) add(`relations.${type}`, targetRef)
  return fields
}

function matchesOne(fields: Map<string, string[]>, expression: string): boolean {
  const wanted = new Map<string, (string | undefined)[]>()
  for (const statement of expression.split(',')) {
    const at = statement.indexOf('=')
    const key = (at === -1 ? statement : statement.slice(0, at)).trim().toLowerCase()
    const value =
      at === -1
        ? undefined
        : statement
            .slice(at + 1)
            .trim()
            .toLowerCase()
    wanted.set(key, [...(wanted.get(key) ?? []), value])
  }
  return [...wanted].every(([key, values]) => {
    const found = fields.get(key)?.map((value) => value.toLowerCase())
    return found && values.some((value) => value === undefined || found.includes(value))
  })
}

/** Whether an entity passes the `filter` parameters: OR between them, AND between their keys. */
export function matches(entity: Entity, filters: readonly string[]): boolean {
  const fields = fieldsOf(entity)
  return filters.length === 0 || filters.some((expression) => matchesOne(fields, expression))
}

/** Whether one of the named fields holds the text. */
export function contains(entity: Entity, term: string, names: readonly string[]): boolean {
  const fields = fieldsOf(entity)
  const wanted = term.toLowerCase()
  return names.some((name) =>
    fields.get(name.toLowerCase())?.some((value) => value.toLowerCase().includes(wanted)),
  )
}

/** Sorts by a field; entities without it are left out, as Backstage does. */
export function ordered(entities: readonly Entity[], order: string | undefined): Entity[] {
  if (!order) return [...entities]
  const [field = '', direction] = order.split(',')
  const keyed = entities.flatMap((entity) => {
    const key = fieldsOf(entity).get(field.toLowerCase())?.[0]
    return key === undefined ? [] : [{ entity, key: key.toLowerCase() }]
  })
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  if (direction === 'desc') keyed.reverse()
  return keyed.map(({ entity }) => entity)
}

/** The distinct values of a field with their counts, most frequent first. */
export function facet(entities: readonly Entity[], field: string) {
  const counts = new Map<string, number>()
  for (const entity of entities) {
    for (const value of new Set(fieldsOf(entity).get(field.toLowerCase()))) {
      counts.set(value, (counts.get(value) ?? 0) + 1)
    }
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}
