import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { answerConsent, askedPerson, consentSession } from '../api/consent'
import { ConsentQuestion } from '../components/consent-question'
import { ErrorView } from '../components/error-view'
import { config } from '../config'
import { Button } from '../ui/button'
import { Empty } from '../ui/empty'

/** Asks somebody whether a program may act for them, and goes back to the program. */
export default function ConsentPage() {
  const { session: id } = useParams({ from: '/portal/oauth2/authorize/$session' })
  const session = useQuery(consentSession(id))
  const me = useQuery(askedPerson)
  const answer = useMutation({
    mutationFn: (agrees: boolean) => answerConsent(id, agrees),
    onSuccess: (next) => globalThis.location.assign(next),
  })
  const retry = () => {
    void session.refetch()
    void me.refetch()
  }

  const failed = session.error ?? me.error
  if (failed) {
    return <ErrorView page title="This request is not open" error={failed} onRetry={retry} />
  }
  if (!session.data || !me.data) return null
  return (
    <>
      <title>{`${session.data.clientName} asks · ${config.title}`}</title>
      {me.data.user ? (
        <ConsentQuestion
          session={session.data}
          person={me.data.user.displayName ?? me.data.user.entityRef}
          answer={(agrees) => answer.mutate(agrees)}
          isAnswered={answer.isPending || answer.isSuccess}
          error={answer.error}
        />
      ) : (
        <Empty
          page
          title="Sign in first"
          icon={<KeyRound size={22} aria-hidden="true" />}
          actions={
            <Button primary onClick={retry}>
              I have signed in
            </Button>
          }
        >
          <p>
            <strong>{session.data.clientName}</strong> asks to act for you. Sign in to{' '}
            {config.title} in this browser, and come back to this page.
          </p>
        </Empty>
      )}
    </>
  )
}
