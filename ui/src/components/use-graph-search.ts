import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { RawSearch } from '../api/catalog-search'
import {
  DEFAULT_GRAPH,
  type GraphSearch,
  readGraphSearch,
  writeGraphSearch,
} from '../api/graph-search'
import { paths } from '../paths'

/** The query parameters of the graph around an entity, in the form that the router's links take. */
export const graphAround = (ref: string): RawSearch =>
  writeGraphSearch({ ...DEFAULT_GRAPH, roots: [ref] })

/** What the address says about the graph, and how to change it. */
export function useGraphSearch() {
  const raw: RawSearch = useSearch({ strict: false })
  const search = useMemo(() => readGraphSearch(raw), [raw])
  const navigate = useNavigate()

  const change = (change: Partial<GraphSearch>) =>
    void navigate({
      to: paths.graph(),
      search: writeGraphSearch({ ...search, ...change }),
      resetScroll: false,
    })

  return { search, change }
}
