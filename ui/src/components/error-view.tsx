import { CloudOff, TriangleAlert } from 'lucide-react'
import { errorFromThrown } from '../api/error'
import { Button } from '../ui/button'
import { Empty } from '../ui/empty'

/** Shown in place of what could not be fetched: what happened, what to do, and another try. */
export function ErrorView({
  title,
  error,
  onRetry,
}: {
  title: string
  error: unknown
  onRetry: () => void
}) {
  const { message, hint, status } = errorFromThrown(error)
  const Icon = status === 0 ? CloudOff : TriangleAlert
  return (
    <div role="alert">
      <Empty
        title={title}
        icon={<Icon size={22} aria-hidden="true" />}
        actions={
          <Button primary onClick={onRetry}>
            Try again
          </Button>
        }
      >
        <p>{message}</p>
        {hint && <p>{hint}</p>}
      </Empty>
    </div>
  )
}
