import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { specText, titleOf } from '../api/entity'
import { type EntityRef, printRef, shortName } from '../api/ref'
import type { RelationGroup } from '../api/relations'
import { paths } from '../paths'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import type { Summaries } from './entity-link'
import styles from './entity-relations.module.css'
import { KindTile, kindName } from './kind-icon'

/** Relations shown before somebody asks for all of them. */
const FOLDED = 8

/** What an entity has to do with others, in both directions. */
export function EntityRelations({
  groups,
  known,
}: {
  groups: readonly RelationGroup[]
  known: Summaries | undefined
}) {
  return groups.map((group) => <Group key={group.type} group={group} known={known} />)
}

function Group({ group, known }: { group: RelationGroup; known: Summaries | undefined }) {
  const [open, setOpen] = useState(false)
  const shown = open ? group.targets : group.targets.slice(0, FOLDED)
  const hidden = group.targets.length - shown.length
  return (
    <Card title={group.title} note={group.targets.length}>
      <ul className={styles.list}>
        {shown.map((ref) => (
          <li key={printRef(ref)}>
            <Target entityRef={ref} known={known} />
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <Button className={styles.more} onClick={() => setOpen(true)}>
          Show {hidden} more
        </Button>
      )}
    </Card>
  )
}

function Target({ entityRef, known }: { entityRef: EntityRef; known: Summaries | undefined }) {
  const entity = known?.get(printRef(entityRef))
  const type = entity ? specText(entity, 'type') : undefined
  const kind = kindName(entity?.kind ?? entityRef.kind)
  const words = (
    <span className={styles.words}>
      <span className={styles.title}>{entity ? titleOf(entity) : shortName(entityRef)}</span>
      <span className={styles.kind}>
        {entity === null ? 'Not in the catalog' : type ? `${kind} · ${type}` : kind}
      </span>
    </span>
  )
  if (entity === null) {
    return (
      <span
        className={styles.target}
        data-missing
        title={`${printRef(entityRef)} is named here, but nothing delivers it`}
      >
        <KindTile kind={entityRef.kind} />
        {words}
      </span>
    )
  }
  return (
    <Link to={paths.entity(entityRef)} search={{}} className={styles.target}>
      <KindTile kind={entityRef.kind} />
      {words}
    </Link>
  )
}
