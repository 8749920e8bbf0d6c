import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { useMay } from '../api/permissions'
import { permitsInBrief } from '../api/role-words'
import { allRoles, CREATE_ROLES } from '../api/roles'
import { PageHead } from '../components/page-head'
import { RolesFailed } from '../components/roles-failed'
import { RolesTable } from '../components/roles-table'
import { focusFirstRow } from '../components/row-keys'
import { TableSkeleton } from '../components/table-skeleton'
import { useTextSearch } from '../components/use-text-search'
import { config } from '../config'
import { paths } from '../paths'
import { Button, buttonClass } from '../ui/button'
import { Empty } from '../ui/empty'
import { SearchField } from '../ui/search-field'
import styles from './roles.module.css'

/** The most roles drawn at once; the search finds the others. */
const MOST_SHOWN = 200

/** The roles that there are, and what each permits. */
export default function RolesPage() {
  const { data, error, isFetching, dataUpdatedAt, refetch } = useQuery(allRoles)
  const may = useMay([CREATE_ROLES])
  const [text, search] = useTextSearch(paths.roles())
  const title = <title>{`Roles · ${config.title}`}</title>

  if (error && !data) {
    return (
      <>
        {title}
        <RolesFailed error={error} onRetry={refetch} />
      </>
    )
  }
  const listed = (data ?? []).map((whole) => ({
    ...whole,
    permits: permitsInBrief(whole.role, whole),
  }))
  const wanted = text.toLowerCase()
  const found = listed.filter(({ role, permits }) =>
    [role.name, role.description, permits, ...role.members]
      .join('\n')
      .toLowerCase()
      .includes(wanted),
  )
  return (
    <>
      {title}
      <PageHead
        title="Roles"
        about="Who may do what. People have the roles that they are members of, and those of their groups."
        loadedAt={dataUpdatedAt}
        isLoading={isFetching}
        onReload={() => void refetch()}
      />
      <div className={styles.toolbar}>
        <SearchField
          label="Find roles, members or permissions"
          text={text}
          onChange={search}
          onArrowDown={focusFirstRow}
        />
        <Link to={paths.why()} search={{}} className={buttonClass()}>
          Why may somebody…?
        </Link>
        {may(CREATE_ROLES) && (
          <Link to={paths.newRole()} search={{}} className={buttonClass(true)}>
            New role
          </Link>
        )}
      </div>
      {!data && <TableSkeleton label="Loading the roles" />}
      {found.length > 0 && <RolesTable roles={found.slice(0, MOST_SHOWN)} />}
      {found.length > MOST_SHOWN && (
        <p className={styles.more}>
          These are the first {MOST_SHOWN} of {found.length.toLocaleString('en')}. The search finds
          the others.
        </p>
      )}
      {data && found.length === 0 && (
        <Empty
          title={text ? 'No role is like that' : 'You see no role'}
          icon={<KeyRound size={22} aria-hidden="true" />}
          actions={text && <Button onClick={() => search('')}>Clear the search</Button>}
        >
          <p>
            {text
              ? 'The search looks at names, descriptions, members and permissions.'
              : 'There are some, but none of those that you look after.'}
          </p>
        </Empty>
      )}
    </>
  )
}
