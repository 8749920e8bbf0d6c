import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type CatalogSearch, EVERYTHING, narrowed } from '../api/catalog-search'
import { type Entity, specText, titleOf } from '../api/entity'
import { type EntityRef, printRef, refOf, shortName } from '../api/ref'
import type { RelationGroup } from '../api/relations'
import { paths } from '../paths'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import type { Summaries } from './entity-link'
import styles from './entity-relations.module.css'
import { KindTile, kindName } from './kind-icon'
import { linkSearch } from './use-catalog-search'

/** Relations shown at first, and how many more each time somebody asks: full rows of three. */
const FOLDED = 9
const STEP = 99

/** What an entity has to do with others, in both directions. */
export function EntityRelations({
  entity,
  groups,
  known,
}: {
  entity: Entity
  groups: readonly RelationGroup[]
  known: Summaries | undefined
}) {
  return groups.map((group) => (
    <Group
      key={group.type}
      group={group}
      known={known}
      // What somebody owns is a list that the catalog can narrow further.
      narrow={group.type === 'ownerOf' ? { owner: [printRef(refOf(entity))] } : undefined}
    />
  ))
}

function Group({
  group,
  known,
  narrow,
}: {
  group: RelationGroup
  known: Summaries | undefined
  narrow: Partial<CatalogSearch['filters']> | undefined
}) {
  const [most, setMost] = useState(FOLDED)
  const shown = group.targets.slice(0, most)
  const hidden = group.targets.length - shown.length
  return (
    <Card
      title={group.title}
      note={group.targets.length}
      action={
        narrow && (
          <Link to={paths.catalog()} search={linkSearch(narrowed(EVERYTHING, { filters: narrow }))}>
            Show in the catalog
          </Link>
        )
      }
    >
      <ul className={styles.list}>
        {shown.map((ref) => (
          <li key={printRef(ref)}>
            <Target entityRef={ref} known={known} />
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <Button className={styles.more} onClick={() => setMost(most + STEP)}>
          Show {Math.min(hidden, STEP)} more
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
