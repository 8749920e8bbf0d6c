import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMay } from '../api/permissions'
import { type EntityRef, parseRef, shortName } from '../api/ref'
import { statementsOf, topicsOf } from '../api/role-draft'
import { isMadeHere, mayEverything, placeOf, sourceName } from '../api/role-words'
import {
  CREATE_ROLES,
  deleteRole,
  permissionsOfPlugins,
  type Role,
  updateRole,
  type WholeRole,
} from '../api/roles'
import { paths } from '../paths'
import { buttonClass } from '../ui/button'
import { Card } from '../ui/card'
import { Prose } from '../ui/prose'
import { MemberList } from './member-list'
import { RoleDelete } from './role-delete'
import styles from './role-overview.module.css'
import { RoleStatements } from './role-statements'

/** What whoever looks may do with a role. */
export function RoleActs({
  entityRef,
  role,
  onError,
}: {
  entityRef: EntityRef
  role: Role
  onError: (error: unknown) => void
}) {
  const [change, remove] = [updateRole(role.name), deleteRole(role.name)]
  const may = useMay([change, remove, CREATE_ROLES])
  const isOurs = isMadeHere(role)
  return (
    <>
      {may(CREATE_ROLES) && (
        <Link to={paths.newRole()} search={{ like: [role.name] }} className={buttonClass()}>
          Make one like it
        </Link>
      )}
      {isOurs && may(remove) && <RoleDelete entityRef={entityRef} onError={onError} />}
      {isOurs && may(change) && (
        <Link
          to={paths.editRole(entityRef)}
          search={{}}
          className={buttonClass(true)}
          aria-label={`Edit ${shortName(entityRef)}`}
        >
          Edit
        </Link>
      )}
    </>
  )
}

/** Who has a role, what it permits, and where it is written. */
export function RoleOverview({ whole }: { whole: WholeRole }) {
  const { role } = whole
  const { data: plugins = [] } = useQuery(permissionsOfPlugins)
  const statements = statementsOf(whole, topicsOf(plugins))
  const isEmpty = role.members.length === 0 && !role.isEveryones
  return (
    <div className={styles.overview}>
      <Card
        title="Members"
        note="Members of a group have its roles, and so have those of the groups below it"
      >
        {isEmpty ? (
          <p className={styles.none}>Nobody has this role.</p>
        ) : (
          <MemberList label="Members" members={role.members} isEveryones={role.isEveryones} />
        )}
      </Card>
      <Card title="What it permits">
        {mayEverything(role) && (
          <p className={styles.none}>Everything. What follows is what it says about roles.</p>
        )}
        {statements.length > 0 ? (
          <RoleStatements statements={statements} />
        ) : (
          <p className={styles.none}>Nothing yet: it gives no permission, and denies none.</p>
        )}
      </Card>
      <Card title="Where it is written">
        <Written role={role} />
      </Card>
    </div>
  )
}

function Written({ role }: { role: Role }) {
  const place = placeOf(role)
  return (
    <dl className={styles.facts}>
      <dt>From</dt>
      <dd>{sourceName(role.source)}</dd>
      {place && (
        <>
          <dt>To change it</dt>
          <dd>
            <Prose text={place} />
          </dd>
        </>
      )}
      <dt>Full name</dt>
      <dd>
        <code>{role.name}</code>
      </dd>
      {role.owner && (
        <>
          <dt>Looked after by</dt>
          <dd>
            <Person text={role.owner} />
          </dd>
        </>
      )}
      {role.lastModified && (
        <>
          <dt>Last changed</dt>
          <dd>
            {new Date(role.lastModified).toLocaleString('en', {
              dateStyle: 'medium',
              timeStyle: 'short',
              hourCycle: 'h23',
            })}
            {role.modifiedBy && (
              <>
                {' by '}
                <Person text={role.modifiedBy} />
              </>
            )}
          </dd>
        </>
      )}
    </dl>
  )
}

/** Somebody who is named: an entity, as far as it is one. */
function Person({ text }: { text: string }) {
  const ref = parseRef(text)
  if (!ref) return text
  return (
    <Link to={paths.entity(ref)} search={{}}>
      {text}
    </Link>
  )
}
