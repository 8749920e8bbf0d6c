import { useQuery } from '@tanstack/react-query'
import { ScrollText } from 'lucide-react'
import { ALL_EVENTS, auditPage, isNarrowed } from '../api/audit'
import { AuditPager } from '../components/audit-pager'
import { AuditTable } from '../components/audit-table'
import { AuditToolbar } from '../components/audit-toolbar'
import { ErrorView } from '../components/error-view'
import { PageHead } from '../components/page-head'
import { PageRefused } from '../components/page-refused'
import { TableSkeleton } from '../components/table-skeleton'
import { useAuditSearch } from '../components/use-audit-search'
import { useVisit } from '../components/use-visit'
import { config } from '../config'
import { paths } from '../paths'
import { Button } from '../ui/button'
import { Empty } from '../ui/empty'

/** Who did what, narrowed as the address says. */
export default function AuditPage() {
  const { search, change } = useAuditSearch()
  const page = useQuery(auditPage(search))
  const events = page.data?.items ?? []
  const reload = () => void page.refetch()
  useVisit(page.data && paths.audit(), 'Audit')
  const title = <title>{`Audit · ${config.title}`}</title>

  if (page.error && !page.data) {
    return (
      <>
        {title}
        <PageRefused title="The events did not load" error={page.error} onRetry={reload} />
      </>
    )
  }
  return (
    <>
      {title}
      <PageHead
        title="Audit"
        about="Who changed what, who signed in, and who was refused."
        loadedAt={page.dataUpdatedAt}
        isLoading={page.isFetching}
        onReload={reload}
      />
      <AuditToolbar search={search} events={events} narrow={change} />
      {page.isPending && <TableSkeleton label="Loading the events" />}
      {page.error && (
        <ErrorView title="The events did not load" error={page.error} onRetry={reload} />
      )}
      {page.data && events.length === 0 && (
        <NoEvents narrowed={isNarrowed(search)} clear={() => change(ALL_EVENTS)} />
      )}
      {events.length > 0 && (
        <>
          <AuditTable events={events} isStale={page.isPlaceholderData} narrow={change} />
          <AuditPager
            isFirst={search.cursor === ''}
            next={page.data?.pageInfo.nextCursor}
            goTo={(cursor) => change({ cursor })}
          />
        </>
      )}
    </>
  )
}

function NoEvents({ narrowed, clear }: { narrowed: boolean; clear: () => void }) {
  return narrowed ? (
    <Empty
      title="Nothing like that happened"
      icon={<ScrollText size={22} aria-hidden="true" />}
      actions={<Button onClick={clear}>Clear all filters</Button>}
    >
      <p>
        Names have to be exact. Events that are older than <code>audit.retention</code> are gone.
      </p>
    </Empty>
  ) : (
    <Empty title="Nothing has happened yet" icon={<ScrollText size={22} aria-hidden="true" />}>
      <p>Events show here within moments. Each of them is also a line of the log.</p>
    </Empty>
  )
}
