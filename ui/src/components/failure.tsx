import { errorFromThrown } from '../api/error'
import { sentence } from '../api/sentence'
import { Banner } from '../ui/banner'
import { Prose } from '../ui/prose'

/** What went wrong with what somebody just did, and what to do about it; nothing, when nothing did. */
export function Failure({ error }: { error: unknown }) {
  if (!error) return null
  const { message, hint } = errorFromThrown(error)
  return (
    <div role="alert">
      <Banner tone="danger" title={sentence(message)}>
        {hint && (
          <p>
            <Prose text={sentence(hint)} />
          </p>
        )}
      </Banner>
    </div>
  )
}
