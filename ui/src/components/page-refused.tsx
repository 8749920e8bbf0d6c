import { Lock } from 'lucide-react'
import { ApiError } from '../api/error'
import { sentence } from '../api/sentence'
import { Empty } from '../ui/empty'
import { Prose } from '../ui/prose'
import { ErrorView } from './error-view'

/** In place of a page that could not be fetched: whoever may not see it is told so, and whom to ask. */
export function PageRefused({
  title,
  error,
  onRetry,
}: {
  title: string
  error: unknown
  onRetry: () => void
}) {
  if (!(error instanceof ApiError && error.status === 403)) {
    return <ErrorView page title={title} error={error} onRetry={onRetry} />
  }
  return (
    <div role="alert">
      <Empty
        page
        title="This page is not for everybody"
        icon={<Lock size={22} aria-hidden="true" />}
      >
        <p>It is for those who look after the portal.</p>
        <p>
          <Prose text={sentence(error.hint ?? error.message)} />
        </p>
      </Empty>
    </div>
  )
}
