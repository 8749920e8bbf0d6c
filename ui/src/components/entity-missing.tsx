import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { SearchX } from 'lucide-react'
import { nearestNames } from '../api/queries'
import { type EntityRef, printRef, refOf } from '../api/ref'
import { paths } from '../paths'
import { buttonClass } from '../ui/button'
import { Empty } from '../ui/empty'
import { EntityLink } from './entity-link'
import styles from './entity-missing.module.css'

/** Shown where an entity should be: what was meant instead, or how to add it. */
export function EntityMissing({ entityRef }: { entityRef: EntityRef }) {
  const { data: guesses = [] } = useQuery(nearestNames(entityRef.name))
  const known = new Map(guesses.map((entity) => [printRef(refOf(entity)), entity]))
  return (
    <>
      <title>{`${entityRef.name} not found`}</title>
      <Empty
        page
        title={`There is no ${entityRef.kind} “${entityRef.name}”`}
        icon={<SearchX size={22} aria-hidden="true" />}
        actions={
          <Link to={paths.catalog()} search={{ q: [entityRef.name] }} className={buttonClass(true)}>
            Search the catalog
          </Link>
        }
      >
        <p>
          <code>{printRef(entityRef)}</code> is not in the catalog, or you may not see it.
        </p>
        {guesses.length > 0 && (
          <>
            <p>Did you mean one of these?</p>
            <ul className={styles.guesses} aria-label="Entities with a similar name">
              {guesses.map((entity) => (
                <li key={printRef(refOf(entity))}>
                  <EntityLink entityRef={refOf(entity)} summaries={known} icon />
                </li>
              ))}
            </ul>
          </>
        )}
      </Empty>
    </>
  )
}
