import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { shortName } from '../api/ref'
import { oneRole } from '../api/roles'
import { Failure } from '../components/failure'
import { PageHead } from '../components/page-head'
import { RoleMissing } from '../components/role-missing'
import { RoleActs, RoleOverview } from '../components/role-overview'
import { RoleSaved } from '../components/role-saved'
import { TableSkeleton } from '../components/table-skeleton'
import { config } from '../config'
import styles from './role.module.css'

/** A role: who has it, what it permits, and where it is written. */
export default function RolePage() {
  const ref = useParams({ from: '/portal/admin/roles/$kind/$namespace/$name' })
  const { data, error, isFetching, dataUpdatedAt, refetch } = useQuery(oneRole(ref))
  const [failure, setFailure] = useState<unknown>()
  const title = <title>{`${shortName(ref)} · Roles · ${config.title}`}</title>

  if (error && !data) {
    return (
      <>
        {title}
        <RoleMissing entityRef={ref} error={error} onRetry={refetch} />
      </>
    )
  }
  return (
    <div className={styles.page}>
      {title}
      <PageHead
        title={shortName(ref)}
        about={data?.role.description || 'A role without a description.'}
        loadedAt={dataUpdatedAt}
        isLoading={isFetching}
        onReload={() => void refetch()}
      >
        {data && <RoleActs entityRef={ref} role={data.role} onError={setFailure} />}
      </PageHead>
      <Failure error={failure} />
      <RoleSaved />
      {data ? <RoleOverview whole={data} /> : <TableSkeleton label="Loading the role" />}
    </div>
  )
}
