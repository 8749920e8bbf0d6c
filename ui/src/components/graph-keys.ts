import type { KeyboardEvent } from 'react'
import { nearestIn } from '../api/graph-nearest'
import type { PlacedNode } from '../api/graph-place'

/** What keys do in a drawing. */
export interface Moves {
  nearer: () => void
  farther: () => void
  fit: () => void
  pan: (x: number, y: number) => void
  go: (place: PlacedNode | undefined) => void
  choose: (ref: string | undefined) => void
  open: (ref: string) => void
}

const PANS: Record<string, [x: number, y: number]> = {
  ArrowRight: [-1, 0],
  ArrowLeft: [1, 0],
  ArrowDown: [0, -1],
  ArrowUp: [0, 1],
}

/** Answers a key that was pressed on the node `active`. Page up and page down reach every node. */
export function answerKey(
  event: KeyboardEvent,
  active: PlacedNode,
  places: readonly PlacedNode[],
  moves: Moves,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const index = places.indexOf(active)
  const pan = PANS[event.key]
  const keys: Record<string, () => void> = {
    '+': moves.nearer,
    '=': moves.nearer,
    '-': moves.farther,
    '0': moves.fit,
    Home: () => moves.go(places[0]),
    End: () => moves.go(places.at(-1)),
    PageDown: () => moves.go(places[index + 1]),
    PageUp: () => moves.go(places[index - 1]),
    Escape: () => moves.choose(undefined),
    ' ': () => moves.choose(active.ref),
    Enter: () => moves.open(active.ref),
  }
  const act = pan
    ? () => (event.shiftKey ? moves.pan(...pan) : moves.go(nearestIn(event.key, active, places)))
    : keys[event.key]
  if (!act) return
  event.preventDefault()
  act()
}
