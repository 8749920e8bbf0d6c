import { Download, ListTree, SlidersHorizontal, Waypoints } from 'lucide-react'
import { useState } from 'react'
import type { Graph } from '../api/graph'
import type { GraphSearch } from '../api/graph-search'
import { Button } from '../ui/button'
import { EntityPicker } from './entity-picker'
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
          <p role="status">{graph && counted(graph)}</p>
        </div>
        <EntityPicker
          label="Put another entity in the centre"
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
            <Button key={format} disabled={!onSave} onClick={() => save(format)}>
              <Download size={14} aria-hidden="true" />
              <span className="visually-hidden">Save as </span>
              {format.toUpperCase()}
            </Button>
          ))}
        </div>
      </header>
      <Failure error={error} />
    </>
  )
}

function counted({ nodes, relations }: Graph): string {
  const pairs = new Set(
    relations.map(({ from, to }) => (from < to ? `${from} ${to}` : `${to} ${from}`)),
  )
  const entities = nodes.length === 1 ? '1 entity' : `${nodes.length.toLocaleString('en')} entities`
  return `${entities}, ${pairs.size === 1 ? '1 pair' : `${pairs.size.toLocaleString('en')} pairs`} related`
}
