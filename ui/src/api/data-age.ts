/** The age of an answer in seconds; servers say it only while their database is away. */
const HEADER = 'x-callboard-data-age'

let age: number | undefined
const listeners = new Set<() => void>()

/** Takes note of how old an answer is. */
export function noteDataAge(response: Response): void {
  // Only answers from the catalog's memory say anything, by the header or by its absence.
  if (!response.ok && response.status !== 304) return
  const seconds = Number.parseInt(response.headers.get(HEADER) ?? '', 10)
  const next = Number.isNaN(seconds) ? undefined : seconds
  if (next === age) return
  age = next
  for (const listener of listeners) listener()
}

/** How old the newest answer was, in seconds; undefined when it was of the moment. */
export const dataAge = (): number | undefined => age

/** Calls `listener` whenever that changes, until the returned function is called. */
export function onDataAge(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
