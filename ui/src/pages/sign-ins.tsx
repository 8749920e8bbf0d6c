import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { LogIn } from 'lucide-react'
import { signInMethods } from '../api/me'
import { signInFailures } from '../api/sign-in-failures'
import { PageHead } from '../components/page-head'
import { PageRefused } from '../components/page-refused'
import { SignInFailureCard } from '../components/sign-in-failure-card'
import { TableSkeleton } from '../components/table-skeleton'
import { useVisit } from '../components/use-visit'
import { config } from '../config'
import { paths } from '../paths'
import { Empty } from '../ui/empty'
import styles from './sign-ins.module.css'

/** Why people could not sign in at a provider. */
export default function SignInsPage() {
  const { data, error, isFetching, dataUpdatedAt, refetch } = useQuery(signInFailures)
  const { data: methods } = useQuery(signInMethods)
  const titleOf = (provider: string) =>
    methods?.find(({ id }) => id === provider)?.title ?? provider
  useVisit(data && paths.signIns(), 'Sign-ins')
  const title = <title>{`Sign-ins · ${config.title}`}</title>

  if (error) {
    return (
      <>
        {title}
        <PageRefused title="The failures did not load" error={error} onRetry={refetch} />
      </>
    )
  }
  return (
    <>
      {title}
      <PageHead
        title="Sign-ins"
        about={
          <>
            Who could not come in by a provider, and why. Wrong passwords of the portal’s own
            accounts are <WrongPasswords />.
          </>
        }
        loadedAt={dataUpdatedAt}
        isLoading={isFetching}
        onReload={() => void refetch()}
      />
      {!data && <TableSkeleton label="Loading the failures" />}
      {data?.length === 0 && (
        <Empty title="Nobody failed to sign in" icon={<LogIn size={22} aria-hidden="true" />}>
          <p>
            The latest 200 attempts that failed since the portal started show here, with what was
            compared with what.
          </p>
        </Empty>
      )}
      {data && data.length > 0 && (
        <ul className={styles.failures} aria-label="Attempts that failed">
          {data.map((failure) => (
            <SignInFailureCard
              key={`${failure.at} ${failure.requestId}`}
              failure={failure}
              provider={titleOf(failure.provider)}
            />
          ))}
        </ul>
      )}
    </>
  )
}

function WrongPasswords() {
  return (
    <Link to={paths.audit()} search={{ event: ['sign-in'], outcome: ['denied'] }}>
      in the audit
    </Link>
  )
}
