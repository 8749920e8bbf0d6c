import { useQuery } from '@tanstack/react-query'
import { Waypoints } from 'lucide-react'
import { useRef } from 'react'
import type { Graph } from '../api/graph'
import { graphOf } from '../api/graph-query'
import { scopeOf } from '../api/graph-search'
import { parseRef } from '../api/ref'
import { EntityFinder } from '../components/entity-finder'
import { EntityMissing } from '../components/entity-missing'
import { ErrorView } from '../components/error-view'
import { GraphExplorer } from '../components/graph-explorer'
import { saveDrawing } from '../components/graph-export'
import { GraphHead } from '../components/graph-head'
import { GraphList } from '../components/graph-list'
import { GraphNotes } from '../components/graph-notes'
import { GraphToolbar } from '../components/graph-toolbar'
import { useGraphLayout } from '../components/use-graph-layout'
import { useGraphSearch } from '../components/use-graph-search'
import { config } from '../config'
import { Empty } from '../ui/empty'
import styles from './catalog-graph.module.css'

/** What entities have to do with each other, as a graph around one of them. */
export default function CatalogGraphPage() {
  const { search, change } = useGraphSearch()
  const svg = useRef<SVGSVGElement>(null)
  const { data: graph, error, isPlaceholderData, refetch } = useQuery(graphOf(scopeOf(search)))
  const { drawn, error: failure, isPlacing } = useGraphLayout(graph, search, search.direction)
  const [first] = search.roots
  const ref = first === undefined ? undefined : parseRef(first)

  if (!ref) return <NoCentre onPick={(root) => change({ roots: [root] })} />
  if (error && !graph) {
    return <ErrorView page title="The graph did not load" error={error} onRetry={() => refetch()} />
  }
  const isShown = !isPlaceholderData && graph?.nodes.length === 1
  if (isShown && graph.nodes[0]?.missing) return <EntityMissing entityRef={ref} />

  const title = `Relations of ${nameOf(graph, search.roots)}`
  return (
    <div className={styles.page} data-list={search.list || undefined}>
      <title>{`${title} · ${config.title}`}</title>
      <GraphHead
        title={title}
        graph={isPlaceholderData ? undefined : graph}
        search={search}
        change={change}
        onSave={
          drawn && !search.list
            ? async (format) => {
                if (svg.current) await saveDrawing(svg.current, drawn.graph, drawn.layout, format)
              }
            : undefined
        }
      />
      {search.showFilters && <GraphToolbar search={search} change={change} graph={graph} />}
      {graph && !isPlaceholderData && <GraphNotes graph={graph} search={search} />}
      {search.list && graph ? (
        <GraphList graph={graph} style={search} />
      ) : failure ? (
        <ErrorView title="The graph was not drawn" error={failure} onRetry={() => refetch()} />
      ) : drawn ? (
        <GraphExplorer
          drawn={drawn}
          search={search}
          change={change}
          isStale={isPlaceholderData || isPlacing}
          svg={svg}
        />
      ) : (
        <div className={styles.loading} role="status">
          Drawing the graph…
        </div>
      )}
    </div>
  )
}

function nameOf(graph: Graph | undefined, roots: readonly string[]): string {
  const name =
    graph?.nodes.find(({ ref }) => ref === roots[0])?.title ?? parseRef(roots[0] ?? '')?.name
  const others = roots.length - 1
  if (others === 0) return name ?? ''
  return `${name} and ${others === 1 ? 'another entity' : `${others} other entities`}`
}

function NoCentre({ onPick }: { onPick: (ref: string) => void }) {
  return (
    <>
      <title>{`Graph · ${config.title}`}</title>
      <Empty
        page
        title="The graph of relations"
        icon={<Waypoints size={22} aria-hidden="true" />}
        actions={<EntityFinder label="Find an entity" onPick={onPick} />}
      >
        <p>Choose an entity, and see what it has to do with others.</p>
      </Empty>
    </>
  )
}
