import { Link } from '@tanstack/react-router'
import { type Entity, specText } from '../api/entity'
import { refOf } from '../api/ref'
import { paths } from '../paths'
import styles from './entity-tabs.module.css'

/** A view of an entity, with an address of its own. */
export interface EntityTab {
  /** The last part of the address; empty for the first tab. */
  id: '' | 'definition' | 'yaml' | 'history'
  label: string
}

/** The tabs that make sense for an entity. */
export function tabsOf(entity: Entity): EntityTab[] {
  return [
    { id: '', label: 'Overview' },
    ...(specText(entity, 'definition') === undefined
      ? []
      : [{ id: 'definition', label: 'Definition' } as const]),
    { id: 'yaml', label: 'YAML' },
    { id: 'history', label: 'History' },
  ]
}

/** Links between the views of an entity. */
export function EntityTabs({ entity }: { entity: Entity }) {
  const ref = refOf(entity)
  return (
    <nav aria-label="Views" className={styles.tabs}>
      {tabsOf(entity).map(({ id, label }) => (
        <Link
          key={id}
          to={id === '' ? paths.entity(ref) : paths.entityTab(ref, id)}
          search={{}}
          resetScroll={false}
          className={styles.tab}
          activeOptions={{ exact: true }}
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}
