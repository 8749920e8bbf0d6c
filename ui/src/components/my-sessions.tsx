import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { endSession, mySessions, type Session } from '../api/credentials'
import { relativeTime } from '../api/relative-time'
import { browserName } from '../api/user-agent'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { ErrorView } from './error-view'
import { Failure } from './failure'
import styles from './my-list.module.css'

/** Where one is signed in, and how to end that. */
export function MySessions() {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(mySessions)
  const end = useMutation({
    mutationFn: async (sessions: Session[]) => {
      for (const { id } of sessions) await endSession(id)
    },
    onSettled: () => queries.invalidateQueries({ queryKey: mySessions.queryKey }),
  })
  const others = data?.filter((session) => !session.current) ?? []
  return (
    <Card
      title="Where you are signed in"
      action={
        others.length > 1 && (
          <Button disabled={end.isPending} onClick={() => end.mutate(others)}>
            End all others
          </Button>
        )
      }
    >
      <Failure error={end.error} />
      {error && <ErrorView title="The sessions did not load" error={error} onRetry={refetch} />}
      <ul className={styles.list}>
        {data?.map((session) => (
          <li key={session.id}>
            <div className={styles.what}>
              <strong title={session.userAgent}>{browserName(session.userAgent)}</strong>
              <span>
                Used {relativeTime(new Date(session.lastUsedAt), new Date())}, since{' '}
                {new Date(session.createdAt).toLocaleDateString('en', { dateStyle: 'medium' })}
              </span>
            </div>
            {session.current ? (
              <span className={styles.here}>This browser</span>
            ) : (
              <Button
                disabled={end.isPending}
                onClick={() => end.mutate([session])}
                aria-label={`End the session in ${browserName(session.userAgent)}`}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}
