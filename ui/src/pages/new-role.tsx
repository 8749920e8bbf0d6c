import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import type { RawSearch } from '../api/catalog-search'
import { useIsDenied } from '../api/permissions'
import { parseRef, shortName } from '../api/ref'
import { draftLike, emptyDraft } from '../api/role-draft'
import { CREATE_ROLES, oneRole } from '../api/roles'
import { EditorPage } from '../components/editor-page'
import { NotPermitted } from '../components/not-permitted'
import { RoleForm } from '../components/role-form'
import { RoleMissing } from '../components/role-missing'
import { TableSkeleton } from '../components/table-skeleton'
import { config } from '../config'
import styles from './role.module.css'

const NO_ROLE = { kind: 'role', namespace: 'default', name: '' }

/** Makes a role, from nothing or like another one. */
export default function NewRolePage() {
  const { like }: RawSearch = useSearch({ strict: false })
  const model = parseRef(like?.[0] ?? '')
  const whole = useQuery({ ...oneRole(model ?? NO_ROLE), enabled: model !== undefined })
  const isDenied = useIsDenied(CREATE_ROLES)
  const title = <title>{`New role · ${config.title}`}</title>
  if (isDenied || (whole.error && model)) {
    return (
      <>
        {title}
        {isDenied || !model ? (
          <NotPermitted permission={CREATE_ROLES.name} />
        ) : (
          <RoleMissing entityRef={model} error={whole.error} onRetry={whole.refetch} />
        )}
      </>
    )
  }
  return (
    <div className={styles.page}>
      {title}
      <EditorPage
        title="New role"
        about={
          model
            ? `It begins with what ${shortName(model)} permits.`
            : 'It counts as soon as it is made.'
        }
      >
        {({ topics, rules }) =>
          whole.isLoading ? (
            <TableSkeleton label="Loading the role" />
          ) : (
            <RoleForm
              key={like?.[0] ?? ''}
              initial={whole.data ? draftLike(whole.data, topics) : emptyDraft()}
              topics={topics}
              rules={rules}
            />
          )
        }
      </EditorPage>
    </div>
  )
}
