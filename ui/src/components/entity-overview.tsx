import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { type Entity, targetsOf } from '../api/entity'
import { summaries } from '../api/queries'
import { printRef, refOf } from '../api/ref'
import { groupRelations } from '../api/relations'
import { Empty } from '../ui/empty'
import { EntityAbout } from './entity-about'
import { EntityMetadata } from './entity-metadata'
import styles from './entity-overview.module.css'
import { EntityRelations } from './entity-relations'
import { EntityTargets } from './entity-targets'

/** What draws graphs comes when the rest of the page is there. */
const GraphCard = lazy(async () => ({ default: (await import('./graph-card')).GraphCard }))

/** Relations that the facts beside them already say. */
const SAID_IN_ABOUT = new Set(['ownedBy', 'partOf', 'childOf', 'memberOf'])

/** An entity at a glance: what it has to do with others, and the facts about it. */
export function EntityOverview({ entity }: { entity: Entity }) {
  const groups = groupRelations(entity)
  const refs = [...new Set(groups.flatMap(({ targets }) => targets.map(printRef)))]
  const { data: known } = useQuery(summaries(refs))
  const targets = targetsOf(entity)
  const related = groups.filter(({ type }) => !SAID_IN_ABOUT.has(type))

  return (
    <div className={styles.overview}>
      <div className={styles.main}>
        <EntityRelations entity={entity} groups={related} known={known} />
        {targets.length > 0 && <EntityTargets targets={targets} />}
        {groups.length > 0 && (
          <Suspense fallback={null}>
            <GraphCard entityRef={printRef(refOf(entity))} />
          </Suspense>
        )}
        {related.length === 0 && targets.length === 0 && (
          <div className={styles.alone}>
            <Empty title="No relations to others yet">
              <p>
                Relations come from fields such as <code>spec.dependsOn</code>,{' '}
                <code>spec.providesApis</code> and <code>spec.system</code>, here or in the entities
                on the other side.
              </p>
            </Empty>
          </div>
        )}
      </div>
      <aside className={styles.aside} aria-label="Details">
        <EntityAbout entity={entity} known={known} />
        <EntityMetadata entity={entity} />
      </aside>
    </div>
  )
}
