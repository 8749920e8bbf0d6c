import type { Entity } from '../src/api/entity'
import { fieldsOf } from './query.ts'

type Fields = Map<string, string[]>
type Json = Record<string, unknown>

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value : [])

function fieldIs(found: readonly string[], wanted: unknown): boolean {
  const values = found.map((value) => value.toLowerCase())
  if (typeof wanted !== 'object' || wanted === null) {
    return values.includes(String(wanted).toLowerCase())
  }
  const { $in, $exists } = wanted as Json
  if (Array.isArray($in)) return $in.some((one) => values.includes(String(one).toLowerCase()))
  return values.length > 0 === ($exists === true)
}

function holds(fields: Fields, predicate: Json): boolean {
  return Object.entries(predicate).every(([key, wanted]) => {
    if (key === '$all') return listOf(wanted).every((one) => holds(fields, one))
    if (key === '$any') return listOf(wanted).some((one) => holds(fields, one))
    if (key === '$not') return !holds(fields, wanted as Json)
    return fieldIs(fields.get(key.toLowerCase()) ?? [], wanted)
  })
}

/** Whether an entity is as a predicate in a body says. */
export const satisfies = (entity: Entity, predicate: Json | null | undefined): boolean =>
  holds(fieldsOf(entity), predicate ?? {})
