import type { ReactNode, RefObject } from 'react'
import { NODE, type PlacedNode } from '../api/graph-place'
import type { Curve } from '../api/graph-search'
import styles from './graph-canvas.module.css'
import { GraphControls } from './graph-controls'
import { answerKey } from './graph-keys'
import { ArrowHeads } from './graph-lines'
import { GraphWorld } from './graph-world'
import type { Drawn } from './use-graph-layout'
import { useViewport } from './use-viewport'

/** From here on smaller letters cannot be read. */
const FAR = 0.42
const VERY_FAR = 0.2

const refAt = (target: EventTarget): string | undefined =>
  target instanceof Element
    ? (target.closest('[data-ref]')?.getAttribute('data-ref') ?? undefined)
    : undefined

/** The graph as a drawing to move in, where one node may be chosen. */
export function GraphCanvas({
  drawn,
  curve,
  chosen,
  isStale,
  onChoose,
  onOpen,
  svg,
  children,
}: {
  drawn: Drawn
  curve: Curve
  chosen: string | undefined
  isStale: boolean
  onChoose: (ref: string | undefined) => void
  onOpen: (ref: string) => void
  svg: RefObject<SVGSVGElement | null>
  /** What is said about the chosen node. */
  children?: ReactNode
}) {
  const { graph, layout } = drawn
  const [root] = graph.roots
  const { view, isGliding, ...viewport } = useViewport(layout, root, chosen)
  const active = layout.nodes.find(({ ref }) => ref === (chosen ?? root)) ?? layout.nodes[0]

  const go = (place: PlacedNode | undefined) => {
    if (!place) return
    onChoose(place.ref)
    viewport.reveal({ ...place, ...NODE })
    const options = svg.current?.querySelectorAll<SVGElement>('[data-ref]') ?? []
    const option = [...options].find(({ dataset }) => dataset.ref === place.ref)
    option?.focus({ preventScroll: true })
  }

  return (
    <div
      ref={viewport.room}
      className={styles.canvas}
      data-stale={isStale || undefined}
      {...viewport.pointer}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: inside an SVG there is no fieldset */}
      <svg
        ref={svg}
        role="group"
        aria-label="Drawing of the graph"
        className={styles.svg}
        data-far={view.zoom < FAR || undefined}
        data-very-far={view.zoom < VERY_FAR || undefined}
        onKeyDown={(event) =>
          active &&
          answerKey(event, active, layout.nodes, {
            ...viewport,
            go,
            choose: onChoose,
            open: onOpen,
          })
        }
        onClick={({ target }) => {
          if (!viewport.wasDragged()) onChoose(refAt(target))
        }}
        onDoubleClick={({ target }) => {
          const ref = refAt(target)
          if (ref) onOpen(ref)
        }}
      >
        <ArrowHeads />
        <g
          className={styles.world}
          data-gliding={isGliding || undefined}
          style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.zoom})` }}
        >
          <GraphWorld drawn={drawn} curve={curve} chosen={chosen} active={active?.ref} />
        </g>
      </svg>
      <p className={styles.hint}>
        Click selects, double click or Enter opens. Arrows lead on, + and − zoom.
      </p>
      <GraphControls {...viewport} />
      {children}
    </div>
  )
}
