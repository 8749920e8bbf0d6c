import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { ApiError } from '../api/error'
import { type EntityRef, shortName } from '../api/ref'
import { rolesStatus } from '../api/roles'
import { paths } from '../paths'
import { buttonClass } from '../ui/button'
import { Empty } from '../ui/empty'
import { RolesFailed } from './roles-failed'

/** In place of a role that could not be fetched: there is none, or none at all, or not for whoever looks. */
export function RoleMissing({
  entityRef,
  error,
  onRetry,
}: {
  entityRef: EntityRef
  error: unknown
  onRetry: () => void
}) {
  const isMissing = error instanceof ApiError && error.status === 404
  const enabled = useQuery({ ...rolesStatus, enabled: isMissing })
  if (!isMissing || !enabled.isSuccess) return <RolesFailed error={error} onRetry={onRetry} />
  return (
    <Empty
      page
      title={`There is no role ${shortName(entityRef)}`}
      icon={<KeyRound size={22} aria-hidden="true" />}
      actions={
        <Link to={paths.roles()} search={{}} className={buttonClass(true)}>
          All roles
        </Link>
      }
    >
      <p>It was removed or renamed, or it is one that you may not see.</p>
    </Empty>
  )
}
