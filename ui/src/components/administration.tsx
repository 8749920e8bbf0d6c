import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { KeyRound, LogIn, type LucideIcon, ScrollText, UsersRound } from 'lucide-react'
import { useId } from 'react'
import { READ_ACCOUNTS } from '../api/accounts'
import { READ_EVENTS } from '../api/audit'
import { signInMethods } from '../api/me'
import { type Asked, useMay } from '../api/permissions'
import { READ_ROLES, rolesStatus } from '../api/roles'
import { READ_FAILURES } from '../api/sign-in-failures'
import { config } from '../config'
import { paths } from '../paths'
import styles from './sidebar.module.css'

/** One entry of the administration. */
interface AdministrationEntry {
  title: string
  path: string
  icon: LucideIcon
  /** The permission without which it is not there. */
  permission: Asked
  /** It is only there where people can sign in in a way like this. */
  where?: (method: { id: string }) => boolean
  /** It is only there where roles decide. */
  needsRoles?: boolean
}

const ENTRIES: readonly AdministrationEntry[] = [
  { title: 'Audit', path: paths.audit(), icon: ScrollText, permission: READ_EVENTS },
  {
    title: 'Sign-ins',
    path: paths.signIns(),
    icon: LogIn,
    permission: READ_FAILURES,
    where: () => true,
  },
  {
    title: 'Accounts',
    path: paths.accounts(),
    icon: UsersRound,
    permission: READ_ACCOUNTS,
    where: ({ id }) => id === 'local',
  },
  {
    title: 'Roles',
    path: paths.roles(),
    icon: KeyRound,
    permission: READ_ROLES,
    needsRoles: true,
  },
]

const PERMISSIONS = ENTRIES.map(({ permission }) => permission)

/** The pages of those who look after the portal: each for whoever may see it. */
export function Administration() {
  const may = useMay(PERMISSIONS)
  const { data: methods = [] } = useQuery({ ...signInMethods, enabled: config.signInRequired })
  const roles = useQuery({ ...rolesStatus, enabled: may(READ_ROLES) })
  const heading = useId()
  const shown = ENTRIES.filter(
    ({ permission, where, needsRoles }) =>
      may(permission) && (!where || methods.some(where)) && (!needsRoles || roles.isSuccess),
  )
  if (shown.length === 0) return null
  return (
    <nav aria-labelledby={heading} className={styles.nav}>
      <h2 id={heading} className={styles.heading}>
        Administration
      </h2>
      {shown.map(({ title, path, icon: Icon }) => (
        <Link
          key={path}
          to={path}
          search={{}}
          className={styles.item}
          activeOptions={{ includeSearch: false }}
        >
          <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
          {title}
        </Link>
      ))}
    </nav>
  )
}
