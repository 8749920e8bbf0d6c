import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { type Entity, specText, titleOf } from '../api/entity'
import { ApiError } from '../api/error'
import { entityByRef } from '../api/queries'
import { printRef, refOf } from '../api/ref'
import { EntityHeader } from '../components/entity-header'
import { EntityMissing } from '../components/entity-missing'
import { EntityOverview } from '../components/entity-overview'
import { EntityProblems } from '../components/entity-problems'
import { EntitySkeleton } from '../components/entity-skeleton'
import { EntityTabs, tabsOf } from '../components/entity-tabs'
import { ErrorView } from '../components/error-view'
import { kindName } from '../components/kind-icon'
import { useVisit } from '../components/use-visit'
import { config } from '../config'
import { paths } from '../paths'
import { CodeView } from '../ui/code-view'
import styles from './entity.module.css'
import NotFound from './not-found'

/** The YAML writer is only loaded by those who look at YAML. */
const YamlView = lazy(async () => ({
  default: (await import('../components/yaml-view')).YamlView,
}))

/** So is the history by those who look at it. */
const EntityHistory = lazy(async () => ({
  default: (await import('../components/entity-history')).EntityHistory,
}))

/** Everything about one entity. */
export default function EntityPage() {
  const {
    kind,
    namespace,
    name,
    tab = '',
  } = useParams({
    from: '/portal/catalog/$namespace/$kind/$name/{-$tab}',
  })
  const ref = { kind, namespace, name }
  const { data: entity, error, refetch } = useQuery(entityByRef(ref))
  const isThere = entity !== undefined && !(error instanceof ApiError && error.status === 404)
  useVisit(
    isThere ? paths.entity(refOf(entity)) : undefined,
    entity ? titleOf(entity) : name,
    printRef(ref),
  )

  if (error instanceof ApiError && error.status === 404) return <EntityMissing entityRef={ref} />
  if (error && !entity) {
    return (
      <ErrorView page title="The entity did not load" error={error} onRetry={() => refetch()} />
    )
  }
  if (!entity) return <EntitySkeleton />
  if (!tabsOf(entity).some(({ id }) => id === tab)) return <NotFound />
  return (
    // Another entity is another page: nothing unfolded on this one stays unfolded there.
    <article key={printRef(ref)} className={styles.page}>
      <title>{`${titleOf(entity)} · ${kindName(entity.kind)} · ${config.title}`}</title>
      <EntityHeader entity={entity} />
      <div className={styles.problems}>
        <EntityProblems entity={entity} />
      </div>
      <EntityTabs entity={entity} />
      <Suspense fallback={null}>
        <View entity={entity} tab={tab} />
      </Suspense>
    </article>
  )
}

function View({ entity, tab }: { entity: Entity; tab: string }) {
  if (tab === 'history') return <EntityHistory entityRef={refOf(entity)} />
  if (tab === 'yaml') return <YamlView entity={entity} />
  if (tab === 'definition') {
    const type = specText(entity, 'type') ?? 'unknown'
    const yaml = type === 'openapi' || type === 'asyncapi'
    return (
      <CodeView
        source={specText(entity, 'definition') ?? ''}
        label={`Definition (${type})`}
        yaml={yaml}
      />
    )
  }
  return <EntityOverview entity={entity} />
}
