import { Link } from '@tanstack/react-router'
import { parseRef, shortName } from '../api/ref'
import { sourceName } from '../api/role-words'
import type { Role } from '../api/roles'
import { paths } from '../paths'
import { Tag } from '../ui/tag'
import styles from './roles-table.module.css'
import { moveBetweenRows } from './row-keys'

/** Roles in the order of the server, each a link to its page. */
export function RolesTable({ roles }: { roles: readonly { role: Role; permits: string }[] }) {
  return (
    <div className={styles.frame}>
      <table className={styles.table} onKeyDown={moveBetweenRows}>
        <caption className="visually-hidden">Roles</caption>
        <thead>
          <tr>
            <th scope="col">Role</th>
            <th scope="col" data-hide="small">
              Permits
            </th>
            <th scope="col" data-hide="narrow">
              Members
            </th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {roles.map(({ role, permits }) => (
            <RoleRow key={role.name} role={role} permits={permits} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function RoleRow({ role, permits }: { role: Role; permits: string }) {
  const ref = parseRef(role.name)
  if (!ref) return null
  const members = membersOf(role)
  return (
    <tr>
      <td>
        <Link to={paths.role(ref)} search={{}} className={styles.name} data-row-link>
          {shortName(ref)}
        </Link>
        {role.description && <span className={styles.description}>{role.description}</span>}
        <span className={styles.meta}>
          {permits} · {/^\d/.test(members) ? `${members} members` : members}
        </span>
      </td>
      <td data-hide="small" className={styles.permits}>
        {permits}
      </td>
      <td data-hide="narrow" className={styles.members}>
        {members}
      </td>
      <td>
        <Tag>{sourceName(role.source)}</Tag>
      </td>
    </tr>
  )
}

function membersOf({ members, isEveryones }: Role): string {
  if (isEveryones) return members.length > 0 ? `everybody, and ${members.length}` : 'everybody'
  return members.length === 0 ? 'nobody' : members.length.toLocaleString('en')
}
