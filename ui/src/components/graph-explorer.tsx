import { useNavigate } from '@tanstack/react-router'
import { type RefObject, useState } from 'react'
import type { GraphSearch } from '../api/graph-search'
import { parseRef } from '../api/ref'
import { paths } from '../paths'
import { GraphCanvas } from './graph-canvas'
import { GraphPanel } from './graph-panel'
import type { Drawn } from './use-graph-layout'

/** The drawing of a graph, and what can be done with its nodes. */
export function GraphExplorer({
  drawn,
  search,
  change,
  isStale,
  svg,
}: {
  drawn: Drawn
  search: GraphSearch
  change: (change: Partial<GraphSearch>) => void
  isStale: boolean
  svg: RefObject<SVGSVGElement | null>
}) {
  const [chosen, setChosen] = useState<string>()
  const navigate = useNavigate()
  const { nodes, roots } = drawn.graph
  const node = nodes.find(({ ref }) => ref === chosen)

  const open = (ref: string) => {
    const parsed = parseRef(ref)
    const isMissing = nodes.some((one) => one.ref === ref && one.missing)
    if (parsed && !isMissing) void navigate({ to: paths.entity(parsed), search: {} })
  }
  /** Shows the neighbours of a node, or hides them again. */
  const expand = (ref: string) => {
    const others = search.expanded.filter((one) => one !== ref)
    change({ expanded: others.length < search.expanded.length ? others : [...others, ref] })
  }

  return (
    <GraphCanvas
      drawn={drawn}
      curve={search.curve}
      chosen={node?.ref}
      isStale={isStale}
      onChoose={setChosen}
      onOpen={open}
      svg={svg}
    >
      {node && (
        <GraphPanel
          node={node}
          isRoot={roots.includes(node.ref)}
          isExpanded={search.expanded.includes(node.ref)}
          onCentre={() => change({ roots: [node.ref], expanded: [] })}
          onExpand={() => expand(node.ref)}
          onClose={() => setChosen(undefined)}
        />
      )}
    </GraphCanvas>
  )
}
