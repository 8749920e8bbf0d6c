import { KeyRound } from 'lucide-react'
import { ApiError } from '../api/error'
import { Empty } from '../ui/empty'
import { PageRefused } from './page-refused'

/** In place of a page about roles that could not be fetched: also where roles do not decide anything. */
export function RolesFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (!(error instanceof ApiError && error.status === 404)) {
    return <PageRefused title="The roles did not load" error={error} onRetry={onRetry} />
  }
  return (
    <Empty
      page
      title="Roles are not enabled in this portal"
      icon={<KeyRound size={22} aria-hidden="true" />}
    >
      <p>
        Everybody who is let in may do everything. Roles decide who may do what once the
        configuration says so; somebody has to be an administrator then:
      </p>
      <pre>{`permission:
  enabled: true
  roles:
    viewer: [everyone]
    admin: [user:default/ada]`}</pre>
    </Empty>
  )
}
