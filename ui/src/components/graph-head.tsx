import { Download, ListTree, SlidersHorizontal, Waypoints } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Graph } from '../api/graph'
import { type EdgeStyle, edgesOf } from '../api/graph-edges'
import type { GraphSearch } from '../api/graph-search'
import { Button } from '../ui/button'
import { EntityFinder } from './entity-finder'
import { Failure } from './failure'
import styles from './graph-head.module.css'

/** What the graph is about, another centre, and what to do with all of it. */
export function GraphHead({
  title,
  graph,
  search,
  change,
  onSave,
}: {
  title: string
  graph: Graph | undefined
  search: GraphSearch
  change: (change: Partial<GraphSearch>) => void
  /** Absent while nothing is drawn. */
  onSave: ((format: 'svg' | 'png') => Promise<void>) | undefined
}) {
  const { unidirectional, mergeRelations } = search
  const count = useMemo(
    () => graph && counted(graph, { unidirectional, mergeRelations }),
    [graph, unidirectional, mergeRelations],
  )
  const [error, setError] = useState<unknown>()
  const save = (format: 'svg' | 'png') => {
    setError(undefined)
    onSave?.(format).catch(setError)
  }
  return (
    <>
      <header className={styles.head}>
        <div className={styles.words}>
          <h1>{title}</h1>
          <p role="status">{count}</p>
        </div>
        <EntityFinder
          label="Another centre"
          onPick={(ref) => change({ roots: [ref], expanded: [] })}
        />
        <div className={styles.actions}>
          <Button
            aria-pressed={search.showFilters}
            onClick={() => change({ showFilters: !search.showFilters })}
          >
            <SlidersHorizontal size={14} aria-hidden="true" />
            Filters
          </Button>
          <Button onClick={() => change({ list: !search.list })}>
            {search.list ? (
              <Waypoints size={14} aria-hidden="true" />
            ) : (
              <ListTree size={14} aria-hidden="true" />
            )}
            {search.list ? 'Show as graph' : 'Show as list'}
          </Button>
          {(['svg', 'png'] as const).map((format) => (
            <Button
              key={format}
              aria-label={`Save as ${format.toUpperCase()}`}
              disabled={!onSave}
              onClick={() => save(format)}
            >
              <Download size={14} aria-hidden="true" />
              {format.toUpperCase()}
            </Button>
          ))}
        </div>
      </header>
      <Failure error={error} />
    </>
  )
}

function counted(graph: Graph, style: EdgeStyle): string {
  const [entities, lines] = [graph.nodes.length, edgesOf(graph, style).length]
  return [
    entities === 1 ? '1 entity' : `${entities.toLocaleString('en')} entities`,
    lines === 1 ? '1 line' : `${lines.toLocaleString('en')} lines`,
  ].join(', ')
}
