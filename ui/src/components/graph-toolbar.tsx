import { useQuery } from '@tanstack/react-query'
import type { Graph } from '../api/graph'
import { type Curve, DEFAULT_GRAPH, type Direction, type GraphSearch } from '../api/graph-search'
import { kindCounts } from '../api/queries'
import { WELL_KNOWN_RELATIONS } from '../api/relation-pairs'
import { Button } from '../ui/button'
import { FilterMenu } from '../ui/filter-menu'
import { InlineField } from '../ui/inline-field'
import styles from './graph-toolbar.module.css'
import { kindPlural } from './kind-icon'

const DIRECTION_NAMES: Record<Direction, string> = {
  LR: 'left to right',
  RL: 'right to left',
  TB: 'top to bottom',
  BT: 'bottom to top',
}

const DEPTHS = [1, 2, 3, 4, 5]

function counted(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

/** Everything that says how much of the graph shows, and how. */
export function GraphToolbar({
  search,
  change,
  graph,
}: {
  search: GraphSearch
  change: (change: Partial<GraphSearch>) => void
  graph: Graph | undefined
}) {
  const { data: kinds = [] } = useQuery(kindCounts)
  const shownKinds = counted((graph?.nodes ?? []).map(({ kind }) => kind.toLowerCase()))
  const shownTypes = counted((graph?.relations ?? []).map(({ type }) => type))
  const types = [...new Set([...WELL_KNOWN_RELATIONS, ...shownTypes.keys()])]
  const depths =
    DEPTHS.includes(search.depth) || !Number.isFinite(search.depth)
      ? DEPTHS
      : [...DEPTHS, search.depth]
  const isNarrowed = search.kinds.length > 0 || search.relations.length > 0

  return (
    <fieldset className={styles.toolbar}>
      <legend className="visually-hidden">What the graph shows</legend>
      <InlineField label="Depth" active={search.depth !== DEFAULT_GRAPH.depth}>
        <select
          value={String(search.depth)}
          onChange={({ target }) => change({ depth: Number(target.value) })}
        >
          {depths.map((depth) => (
            <option key={depth} value={depth}>
              {depth}
            </option>
          ))}
          <option value="Infinity">all</option>
        </select>
      </InlineField>
      <FilterMenu
        label="Kind"
        options={kinds.map(({ value }) => ({
          value: value.toLowerCase(),
          label: kindPlural(value),
          count: shownKinds.get(value.toLowerCase()) ?? 0,
        }))}
        chosen={search.kinds}
        onChange={(chosen) => change({ kinds: chosen })}
      />
      <FilterMenu
        label="Relation"
        options={types.map((type) => ({
          value: type,
          label: type,
          count: shownTypes.get(type) ?? 0,
        }))}
        chosen={search.relations}
        onChange={(chosen) => change({ relations: chosen })}
      />
      <InlineField label="Direction" active={search.direction !== DEFAULT_GRAPH.direction}>
        <select
          value={search.direction}
          onChange={({ target }) => change({ direction: target.value as Direction })}
        >
          {Object.entries(DIRECTION_NAMES).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </InlineField>
      <InlineField label="Lines" active={search.curve !== DEFAULT_GRAPH.curve}>
        <select
          value={search.curve}
          onChange={({ target }) => change({ curve: target.value as Curve })}
        >
          <option value="curveMonotoneX">curved</option>
          <option value="curveStepBefore">stepped</option>
        </select>
      </InlineField>
      <Button
        className={styles.toggle}
        aria-pressed={search.unidirectional}
        title="Leaves out lines between entities that are equally far from the centre"
        onClick={() => change({ unidirectional: !search.unidirectional })}
      >
        Outwards only
      </Button>
      <Button
        className={styles.toggle}
        aria-pressed={search.mergeRelations}
        title="Writes both sides of a relation, such as ownedBy and ownerOf, on one line"
        onClick={() => change({ mergeRelations: !search.mergeRelations })}
      >
        Merge pairs
      </Button>
      {isNarrowed && (
        <Button className={styles.clear} onClick={() => change({ kinds: [], relations: [] })}>
          Clear
        </Button>
      )}
    </fieldset>
  )
}
