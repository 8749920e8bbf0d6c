import { useQuery } from '@tanstack/react-query'
import { UsersRound } from 'lucide-react'
import { accounts } from '../api/accounts'
import { ApiError } from '../api/error'
import { Accounts } from '../components/accounts'
import { Failure } from '../components/failure'
import { PageHead } from '../components/page-head'
import { PageRefused } from '../components/page-refused'
import { TableSkeleton } from '../components/table-skeleton'
import { useVisit } from '../components/use-visit'
import { config } from '../config'
import { paths } from '../paths'
import { Empty } from '../ui/empty'

/** Who has an account of the portal itself. */
export default function AccountsPage() {
  const { data, error, isFetching, dataUpdatedAt, refetch } = useQuery(accounts)
  useVisit(data && paths.accounts(), 'Accounts')
  const title = <title>{`Accounts · ${config.title}`}</title>

  if (error && !data) {
    return (
      <>
        {title}
        {error instanceof ApiError && error.status === 404 ? (
          <NoAccounts />
        ) : (
          <PageRefused title="The accounts did not load" error={error} onRetry={refetch} />
        )}
      </>
    )
  }
  return (
    <>
      {title}
      <PageHead
        title="Accounts"
        about="Who signs in with a password or a passkey of this portal. Whoever comes by a provider has none."
        loadedAt={dataUpdatedAt}
        isLoading={isFetching}
        onReload={() => void refetch()}
      />
      <Failure error={error} />
      {data ? <Accounts items={data} /> : <TableSkeleton label="Loading the accounts" />}
    </>
  )
}

function NoAccounts() {
  return (
    <Empty
      page
      title="This portal has no accounts of its own"
      icon={<UsersRound size={22} aria-hidden="true" />}
    >
      <p>
        Everybody comes by a provider, or as a guest. Accounts are switched on with{' '}
        <code>auth.local.enabled</code> in the configuration.
      </p>
    </Empty>
  )
}
