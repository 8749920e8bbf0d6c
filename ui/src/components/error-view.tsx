import { CloudOff, TriangleAlert } from 'lucide-react'
import { errorFromThrown } from '../api/error'
import { Button } from '../ui/button'
import { Empty } from '../ui/empty'
import { Prose } from '../ui/prose'

/** Shown in place of what could not be fetched: what happened, what to do, and another try. */
export function ErrorView({
  title,
  error,
  onRetry,
  page = false,
}: {
  title: string
  error: unknown
  onRetry: () => void
  page?: boolean
}) {
  const { message, hint, status } = errorFromThrown(error)
  const Icon = status === 0 ? CloudOff : TriangleAlert
  return (
    <div role="alert">
      <Empty
        page={page}
        title={title}
        icon={<Icon size={22} aria-hidden="true" />}
        actions={
          <Button primary onClick={onRetry}>
            Try again
          </Button>
        }
      >
        <p>
          <Prose text={message} />
        </p>
        {hint && (
          <p>
            <Prose text={hint} />
          </p>
        )}
      </Empty>
    </div>
  )
}
