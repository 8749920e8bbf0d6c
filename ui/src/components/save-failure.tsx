import { errorFromThrown } from '../api/error'
import { SaveStopped } from '../api/role-save'
import { sentence } from '../api/sentence'
import { Banner } from '../ui/banner'
import { Prose } from '../ui/prose'
import { Failure } from './failure'

/** Why a role was not saved, and how far that came; nothing, when nothing went wrong. */
export function SaveFailure({ error }: { error: unknown }) {
  if (!(error instanceof SaveStopped)) return <Failure error={error} />
  const { done, failed, left, cause } = error
  if (done.length === 0 && left.length === 0) return <Failure error={cause} />
  const { message, hint } = errorFromThrown(cause)
  const title = done.length === 0 ? 'Nothing was saved' : 'Only a part was saved'
  return (
    <div role="alert">
      <Banner tone="danger" title={title}>
        <p>
          <Prose text={sentence(message)} /> {hint && <Prose text={sentence(hint)} />}
        </p>
        <ul>
          {done.map((says) => (
            <li key={says}>
              <strong>Done:</strong> {says}
            </li>
          ))}
          <li>
            <strong>Refused:</strong> {failed}
          </li>
          {left.map((says) => (
            <li key={says}>
              <strong>Not done:</strong> {says}
            </li>
          ))}
        </ul>
        <p>Saving again does only what is missing.</p>
      </Banner>
    </div>
  )
}
