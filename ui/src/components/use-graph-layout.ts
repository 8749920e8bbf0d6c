import { useEffect, useMemo, useState } from 'react'
import type { Graph } from '../api/graph'
import { drawingOf, placed } from '../api/graph-drawing'
import type { EdgeStyle } from '../api/graph-edges'
import type { Layout } from '../api/graph-place'
import type { Direction } from '../api/graph-search'

/** A graph with the place of everything in it. */
export interface Drawn {
  graph: Graph
  layout: Layout
}

/**
 * Where everything in a graph stands. While a new graph is placed the one before it stays; `isPlacing`
 * says so.
 */
export function useGraphLayout(
  graph: Graph | undefined,
  { unidirectional, mergeRelations }: EdgeStyle,
  direction: Direction,
) {
  const input = useMemo(
    () => graph && drawingOf(graph, { unidirectional, mergeRelations }, direction),
    [graph, unidirectional, mergeRelations, direction],
  )
  const [drawn, setDrawn] = useState<Drawn & { input: typeof input }>()
  const [error, setError] = useState<unknown>()

  // The work happens outside React, in a worker, and is given up when its graph is not wanted any more.
  useEffect(() => {
    if (!graph || !input) return
    const ending = new AbortController()
    placed(input, ending.signal).then(
      (layout) => {
        if (ending.signal.aborted) return
        setDrawn({ graph, layout, input })
        setError(undefined)
      },
      (thrown: unknown) => {
        if (!ending.signal.aborted) setError(thrown)
      },
    )
    return () => ending.abort()
  }, [graph, input])

  return { drawn, error, isPlacing: drawn?.input !== input }
}
