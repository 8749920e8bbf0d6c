import { sentence } from '../api/sentence'
import { type Comparison, reasonOf, type SignInFailure, whatToDo } from '../api/sign-in-failures'
import { CopyButton } from '../ui/copy-button'
import { Prose } from '../ui/prose'
import { Tag } from '../ui/tag'
import { Moment } from './moment'
import styles from './sign-in-failure-card.module.css'

/** Why somebody could not sign in, what was compared, and what an administrator can do. */
export function SignInFailureCard({
  failure,
  provider,
}: {
  failure: SignInFailure
  provider: string
}) {
  const { at, code, requestId, comparisons } = failure
  const advice = whatToDo(failure)
  return (
    <li className={styles.failure}>
      <header className={styles.head}>
        <h2>{provider}</h2>
        <Tag>{code}</Tag>
        <Moment at={at} className={styles.at} />
      </header>
      <p className={styles.reason}>
        <Prose text={sentence(reasonOf(failure))} />
      </p>
      {comparisons.length > 0 && <Comparisons comparisons={comparisons} />}
      {advice && (
        <p className={styles.advice}>
          <strong>What to do: </strong>
          <Prose text={sentence(advice)} />
        </p>
      )}
      {requestId && (
        <p className={styles.request}>
          Attempt <code>{requestId}</code>
          <CopyButton text={requestId} label="Copy the id of the attempt" compact />
        </p>
      )}
    </li>
  )
}

function Comparisons({ comparisons }: { comparisons: readonly Comparison[] }) {
  return (
    <ol className={styles.comparisons} aria-label="Compared">
      {comparisons.map(({ resolver, compared, result }) => (
        <li key={`${resolver} ${compared}`}>
          <code>{resolver}</code>
          <span>
            {result === 'refused' ? '' : 'looked for '}
            <Prose text={compared} />
          </span>
          <em>{RESULTS[result] ?? result}</em>
        </li>
      ))}
    </ol>
  )
}

const RESULTS: Record<string, string> = {
  nobody: 'found nobody',
  several: 'found several',
  refused: 'stopped',
}
