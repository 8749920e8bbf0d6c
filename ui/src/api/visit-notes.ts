import type { QueryClient } from '@tanstack/react-query'
import type { Seen } from './visits'

/** Visits that wait to be kept: writing each of them at once would be a request for every page. */
export class VisitNotes {
  /** Another list whenever it changes. */
  seen: readonly Seen[] = []
  readonly #listeners = new Set<() => void>()

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Notes a visit; coming back to the page before that is kept is the same visit. */
  add(page: Seen): void {
    const others = this.seen.filter(({ pathname }) => pathname !== page.pathname)
    this.#set([...others, page])
  }

  /** Hands out what waits, and forgets it. */
  take(): readonly Seen[] {
    const { seen } = this
    if (seen.length > 0) this.#set([])
    return seen
  }

  #set(seen: readonly Seen[]) {
    this.seen = seen
    for (const listener of this.#listeners) listener()
  }
}

const all = new WeakMap<QueryClient, VisitNotes>()

/** The notes of the pages over one query cache. */
export function visitNotesOf(client: QueryClient): VisitNotes {
  const notes = all.get(client) ?? new VisitNotes()
  all.set(client, notes)
  return notes
}
