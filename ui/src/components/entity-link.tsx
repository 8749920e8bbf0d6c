import { Link } from '@tanstack/react-router'
import { type Entity, titleOf } from '../api/entity'
import { type EntityRef, printRef, shortName } from '../api/ref'
import { paths } from '../paths'
import styles from './entity-link.module.css'
import { KindIcon, kindName } from './kind-icon'

/** What is known of entities by canonical reference: `null` where there is none. */
export type Summaries = ReadonlyMap<string, Entity | null>

/** A link to an entity by its title, or a mark where the entity is missing. */
export function EntityLink({
  entityRef,
  summaries,
  icon = false,
}: {
  entityRef: EntityRef
  summaries: Summaries | undefined
  icon?: boolean
}) {
  const canonical = printRef(entityRef)
  const entity = summaries?.get(canonical)
  const sign = icon && <KindIcon kind={entityRef.kind} size={14} />
  if (entity === null) {
    return (
      <span className={styles.missing} title={`${canonical} is not in the catalog`}>
        {sign}
        {shortName(entityRef)}
        <span className={styles.note}>missing</span>
      </span>
    )
  }
  return (
    <Link
      to={paths.entity(entityRef)}
      search={{}}
      className={styles.link}
      title={`${kindName(entityRef.kind)} ${shortName(entityRef)}`}
    >
      {sign}
      <span className={styles.text}>{entity ? titleOf(entity) : shortName(entityRef)}</span>
    </Link>
  )
}
