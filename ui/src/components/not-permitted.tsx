import { ApiError } from '../api/error'
import { PageRefused } from './page-refused'

/** In place of a form for those who may not do what it is for. */
export function NotPermitted({ permission }: { permission: string }) {
  const message = `it needs the permission \`${permission}\``
  const hint = `ask for the permission \`${permission}\``
  const error = new ApiError('NotAllowedError', message, 403, hint)
  return <PageRefused title="" error={error} onRetry={() => {}} />
}
