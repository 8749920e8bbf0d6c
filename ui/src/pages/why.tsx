import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { RawSearch } from '../api/catalog-search'
import { ApiError } from '../api/error'
import { explanation, type WhyQuestion } from '../api/explain'
import { permissionsOfPlugins } from '../api/roles'
import { ErrorView } from '../components/error-view'
import { ExplanationView } from '../components/explanation-view'
import { Failure } from '../components/failure'
import headStyles from '../components/page-head.module.css'
import { RolesFailed } from '../components/roles-failed'
import { WhyForm } from '../components/why-form'
import { config } from '../config'
import { paths } from '../paths'
import styles from './role.module.css'

const isRefused = (error: unknown, status: number) =>
  error instanceof ApiError && error.status === status

/** Tells why somebody may do something, or may not; the question stands in the address. */
export default function WhyPage() {
  const raw: RawSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const question: WhyQuestion = {
    user: raw.user?.[0] ?? '',
    permission: raw.permission?.[0] ?? '',
    thing: raw.thing?.[0] ?? '',
  }
  const plugins = useQuery(permissionsOfPlugins)
  const { data, error, isFetching } = useQuery(explanation(question))
  const title = <title>{`Why? · Roles · ${config.title}`}</title>
  const ask = (next: WhyQuestion) => {
    const said = Object.entries(next).filter(([, value]) => value !== '')
    const search = Object.fromEntries(said.map(([key, value]) => [key, [String(value)]]))
    void navigate({ to: paths.why(), search, resetScroll: false })
  }

  if (isRefused(plugins.error, 404)) {
    return (
      <>
        {title}
        <RolesFailed error={plugins.error} onRetry={plugins.refetch} />
      </>
    )
  }
  // Whoever may not see roles can still ask about themselves.
  const isOnlyOwn = isRefused(plugins.error, 403)
  return (
    <div className={styles.page}>
      {title}
      <header className={headStyles.head}>
        <div className={headStyles.words}>
          <h1>Why may somebody…?</h1>
          <p>
            What roles say about somebody, and why. A token that is for less, or an account that
            administers the portal, is not in it.
          </p>
        </div>
      </header>
      {plugins.error && !isOnlyOwn && (
        <ErrorView
          title="The permissions did not load"
          error={plugins.error}
          onRetry={plugins.refetch}
        />
      )}
      {(plugins.data || isOnlyOwn) && (
        <WhyForm question={question} plugins={plugins.data} isBusy={isFetching} ask={ask} />
      )}
      <Failure error={error} />
      <div role="status">
        {data && !error && <ExplanationView explanation={data} thing={question.thing} />}
      </div>
    </div>
  )
}
