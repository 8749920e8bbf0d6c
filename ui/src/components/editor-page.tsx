import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { type Topic, topicsOf } from '../api/role-draft'
import { conditionRules, permissionsOfPlugins, type RuleInfo } from '../api/roles'
import headStyles from './page-head.module.css'
import { RolesFailed } from './roles-failed'
import { TableSkeleton } from './table-skeleton'

/** What an editor of roles is made of: nothing is drawn before it is known, so that nothing changes under a hand. */
export function EditorPage({
  title,
  about,
  children,
}: {
  title: string
  about: ReactNode
  children: (known: { topics: Topic[]; rules: RuleInfo[] }) => ReactNode
}) {
  const plugins = useQuery(permissionsOfPlugins)
  const rules = useQuery(conditionRules)
  const error = plugins.error ?? rules.error
  const retry = () => {
    void plugins.refetch()
    void rules.refetch()
  }
  if (error) return <RolesFailed error={error} onRetry={retry} />
  return (
    <>
      <header className={headStyles.head}>
        <div className={headStyles.words}>
          <h1>{title}</h1>
          <p>{about}</p>
        </div>
      </header>
      {plugins.data && rules.data ? (
        children({ topics: topicsOf(plugins.data), rules: rules.data })
      ) : (
        <TableSkeleton label="Loading the permissions" />
      )}
    </>
  )
}
