import { type ConsentSession, hostOf, staysOn } from '../api/consent'
import { errorFromThrown } from '../api/error'
import { config } from '../config'
import { Banner } from '../ui/banner'
import { Button } from '../ui/button'
import { Prose } from '../ui/prose'
import styles from './consent-question.module.css'

/** Names a program, who vouches for it, where it sends people back to and what it gets. */
export function ConsentQuestion({
  session,
  person,
  answer,
  isAnswered,
  error,
}: {
  session: ConsentSession
  person: string
  answer: (agrees: boolean) => void
  isAnswered: boolean
  error: unknown
}) {
  const host = hostOf(session.clientId)
  return (
    <article className={styles.question}>
      <h1>
        Let <bdi>{session.clientName}</bdi> act for you?
      </h1>
      <p>
        You are signed in as <strong>{person}</strong>. Agree only if you just started this program
        yourself.
      </p>
      <dl className={styles.facts}>
        <dt>The program is from</dt>
        <dd>{host ? <code>{host}</code> : `the list of the operator of ${config.title}`}</dd>
        <dt>It is known by</dt>
        <dd>
          <code>{session.clientId}</code>
        </dd>
        <dt>You are sent back to</dt>
        <dd>
          <code>{session.redirectUri}</code>
        </dd>
        <dt>It gets</dt>
        <dd>a token with which it may do all that you may do in {config.title}</dd>
        <dt>For how long</dt>
        <dd>
          {staysOn(session)
            ? 'until you send it away: it may get new tokens by itself'
            : 'until the token is over'}
        </dd>
      </dl>
      {error !== null && error !== undefined && (
        <div role="alert">
          <Banner tone="danger" title="That did not work">
            <p>
              <Prose text={errorFromThrown(error).message} />
            </p>
          </Banner>
        </div>
      )}
      <div className={styles.actions}>
        <Button primary disabled={isAnswered} onClick={() => answer(true)}>
          Approve
        </Button>
        <Button disabled={isAnswered} onClick={() => answer(false)}>
          Deny
        </Button>
      </div>
    </article>
  )
}
