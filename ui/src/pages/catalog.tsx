import { useQuery } from '@tanstack/react-query'
import { entityCount, entityPage } from '../api/catalog-page'
import { useStars } from '../api/stars'
import { CatalogEmpty } from '../components/catalog-empty'
import { CatalogTable } from '../components/catalog-table'
import { CatalogToolbar } from '../components/catalog-toolbar'
import { ErrorView } from '../components/error-view'
import { kindPlural } from '../components/kind-icon'
import { Pager } from '../components/pager'
import { TableSkeleton } from '../components/table-skeleton'
import { useCatalogSearch } from '../components/use-catalog-search'
import { config } from '../config'
import styles from './catalog.module.css'

/** Everything in the catalog, narrowed as the address says. */
export default function CatalogPage() {
  const { search, show } = useCatalogSearch()
  const { stars } = useStars()
  const page = useQuery(entityPage(search, stars))
  const [kind, ...otherKinds] = search.filters.kind
  const heading = kind && otherKinds.length === 0 ? kindPlural(kind) : 'Catalog'

  return (
    <div className={styles.page}>
      <title>{`${heading} · ${config.title}`}</title>
      <header className={styles.header}>
        <h1>{heading}</h1>
        <p className={styles.total} role="status">
          {page.data && counted(page.data.totalItems)}
        </p>
      </header>
      <CatalogToolbar search={search} show={show} />
      <Results />
    </div>
  )
}

const counted = (entities: number): string =>
  entities === 1 ? '1 entity' : `${entities.toLocaleString('en')} entities`

function Results() {
  const { search, show } = useCatalogSearch()
  const { stars, error: starsError, refetch: refetchStars } = useStars()
  const { data, error, isPlaceholderData, refetch } = useQuery(entityPage(search, stars))
  if (search.starred && starsError && !stars) {
    return (
      <ErrorView
        title="What you starred did not load"
        error={starsError}
        onRetry={() => refetchStars()}
      />
    )
  }
  // What was shown stays while the server is away; the sidebar says that it is.
  if (error && !data) {
    return <ErrorView title="The catalog did not load" error={error} onRetry={() => refetch()} />
  }
  if (!data) return <TableSkeleton label="Loading the catalog" />
  if (data.items.length === 0) return <CatalogEmpty search={search} show={show} />
  return (
    <>
      <CatalogTable items={data.items} search={search} show={show} stale={isPlaceholderData} />
      <Unsorted total={data.totalItems} />
      <Pager
        search={search}
        show={show}
        shown={data.items.length}
        total={data.totalItems}
        next={data.pageInfo.nextCursor}
        previous={data.pageInfo.prevCursor}
      />
    </>
  )
}

/** An order by a field leaves out entities without that field; this says how many. */
function Unsorted({ total }: { total: number }) {
  const { search, show } = useCatalogSearch()
  const { stars } = useStars()
  const optional = search.sort.column !== 'name' && search.sort.column !== 'kind'
  const { data: all } = useQuery({ ...entityCount(search, stars), enabled: optional })
  const left = optional && all !== undefined ? all - total : 0
  if (left <= 0) return null
  return (
    <p className={styles.unsorted}>
      {left.toLocaleString('en')} more without a {search.sort.column}, which this order leaves out.{' '}
      <button
        type="button"
        onClick={() => show({ ...search, sort: { column: 'name', direction: 'asc' }, page: 1 })}
      >
        Sort by name
      </button>
    </p>
  )
}
