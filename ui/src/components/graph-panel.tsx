import { Link } from '@tanstack/react-router'
import { Crosshair, Minus, Plus, X } from 'lucide-react'
import type { GraphNode } from '../api/graph'
import { parseRef } from '../api/ref'
import { paths } from '../paths'
import { Button, buttonClass } from '../ui/button'
import { IconButton } from '../ui/icon-button'
import { EntityLink } from './entity-link'
import { factsOf } from './graph-node'
import styles from './graph-panel.module.css'
import { KindTile } from './kind-icon'

/** What is known of the chosen node, and what to do with it. */
export function GraphPanel({
  node,
  isRoot,
  isExpanded,
  onCentre,
  onExpand,
  onClose,
}: {
  node: GraphNode
  isRoot: boolean
  isExpanded: boolean
  onCentre: () => void
  onExpand: () => void
  onClose: () => void
}) {
  const ref = parseRef(node.ref)
  const owner = node.owner ? parseRef(node.owner) : undefined
  return (
    <section className={styles.panel} aria-label="The selected entity">
      <header className={styles.head}>
        <KindTile kind={node.kind} />
        <div className={styles.words}>
          <h2>{node.title}</h2>
          <p>{factsOf(node)}</p>
        </div>
        <IconButton label="Close" onClick={onClose}>
          <X size={16} aria-hidden="true" />
        </IconButton>
      </header>
      <dl className={styles.facts}>
        <dt>Reference</dt>
        <dd>
          <code>{node.ref}</code>
        </dd>
        {owner && (
          <>
            <dt>Owner</dt>
            <dd>
              <EntityLink entityRef={owner} summaries={undefined} icon />
            </dd>
          </>
        )}
      </dl>
      {node.missing ? (
        <p className={styles.note}>
          A relation names it, but it is not in the catalog, or you may not see it.
        </p>
      ) : (
        <div className={styles.actions}>
          {ref && (
            <Link to={paths.entity(ref)} search={{}} className={buttonClass(true)}>
              Open
            </Link>
          )}
          {!isRoot && (
            <Button onClick={onCentre}>
              <Crosshair size={14} aria-hidden="true" />
              Make it the centre
            </Button>
          )}
          {isExpanded ? (
            <Button onClick={onExpand}>
              <Minus size={14} aria-hidden="true" />
              Collapse
            </Button>
          ) : (
            node.more > 0 && (
              <Button onClick={onExpand}>
                <Plus size={14} aria-hidden="true" />
                Expand ({node.more.toLocaleString('en')} more)
              </Button>
            )
          )}
        </div>
      )}
    </section>
  )
}
