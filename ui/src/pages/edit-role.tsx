import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Lock } from 'lucide-react'
import { useIsDenied } from '../api/permissions'
import { shortName } from '../api/ref'
import { draftOf } from '../api/role-draft'
import { isMadeHere, placeOf } from '../api/role-words'
import { fullName, oneRole, updateRole } from '../api/roles'
import { EditorPage } from '../components/editor-page'
import { NotPermitted } from '../components/not-permitted'
import { RoleForm } from '../components/role-form'
import { RoleMissing } from '../components/role-missing'
import { TableSkeleton } from '../components/table-skeleton'
import { config } from '../config'
import { paths } from '../paths'
import { buttonClass } from '../ui/button'
import { Empty } from '../ui/empty'
import { Prose } from '../ui/prose'
import styles from './role.module.css'

/** Changes a role. */
export default function EditRolePage() {
  const ref = useParams({ from: '/portal/admin/roles/$kind/$namespace/$name/edit' })
  // What somebody writes is about the role as it was when they began, whatever happens to it meanwhile.
  const { data, error, refetch } = useQuery({
    ...oneRole(ref),
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  const change = updateRole(fullName(ref))
  const isDenied = useIsDenied(change)
  const title = <title>{`Edit ${shortName(ref)} · ${config.title}`}</title>

  if (error && !data) {
    return (
      <>
        {title}
        <RoleMissing entityRef={ref} error={error} onRetry={refetch} />
      </>
    )
  }
  if (data && !isMadeHere(data.role)) {
    return (
      <>
        {title}
        <Empty
          page
          title={`${shortName(ref)} is not changed here`}
          icon={<Lock size={22} aria-hidden="true" />}
          actions={
            <Link to={paths.role(ref)} search={{}} className={buttonClass(true)}>
              Back to the role
            </Link>
          }
        >
          <p>
            <Prose text={placeOf(data.role) ?? ''} />
          </p>
        </Empty>
      </>
    )
  }
  if (isDenied) {
    return (
      <>
        {title}
        <NotPermitted permission={change.name} />
      </>
    )
  }
  return (
    <div className={styles.page}>
      {title}
      <EditorPage title={`Edit ${shortName(ref)}`} about="Changes count as soon as they are saved.">
        {({ topics, rules }) =>
          data ? (
            <RoleForm opened={data} initial={draftOf(data, topics)} topics={topics} rules={rules} />
          ) : (
            <TableSkeleton label="Loading the role" />
          )
        }
      </EditorPage>
    </div>
  )
}
