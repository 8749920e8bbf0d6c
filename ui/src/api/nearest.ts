import type { Entity } from './entity'

/** Texts to search for, from the whole name down to its parts and its beginning. */
export function guesses(name: string): string[] {
  const parts = name.split(/[-_.]+/).filter((part) => part.length > 2)
  const longest = parts.toSorted((a, b) => b.length - a.length)
  const beginning = name.slice(0, Math.max(3, Math.floor(name.length / 2)))
  return [...new Set([name, ...longest, beginning])].filter((text) => text !== '').slice(0, 4)
}

const pairsOf = (text: string): Set<string> => {
  const lower = ` ${text.toLowerCase()} `
  return new Set(Array.from({ length: lower.length - 1 }, (_, at) => lower.slice(at, at + 2)))
}

/** How alike two names are, from 0 to 1: the share of letter pairs that both have. */
export function likeness(one: string, other: string): number {
  const [a, b] = [pairsOf(one), pairsOf(other)]
  const shared = [...a].filter((pair) => b.has(pair)).length
  return (2 * shared) / (a.size + b.size)
}

/** The entities, those with the most similar name first. */
export function nearest(name: string, entities: readonly Entity[]): Entity[] {
  return entities.toSorted(
    (a, b) => likeness(name, b.metadata.name) - likeness(name, a.metadata.name),
  )
}
