import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { summaries } from '../api/queries'
import { parseRef } from '../api/ref'
import type { Trial } from '../api/role-calls'
import { paths } from '../paths'
import { EntityLink } from './entity-link'
import styles from './trial-view.module.css'

type Read = Trial['reads'][number]

const DECISIONS: Readonly<Record<string, string>> = {
  ALLOW: 'allowed',
  DENY: 'denied',
  CONDITIONAL: 'depends',
}

const decisionInWords = (decision: string) => DECISIONS[decision] ?? decision

/** What somebody would see and may do, against what they see and may do now. */
export function TrialView({ trial, isOld }: { trial: Trial; isOld: boolean }) {
  const { user, reads, changes } = trial
  return (
    <div className={styles.trial}>
      {isOld && (
        <p className={styles.old}>
          This was before your last change. Ask again to see what it does.
        </p>
      )}
      {reads.map((read) => (
        <ReadView key={read.permission} read={read} user={user} />
      ))}
      {changes.length === 0 ? (
        <p className={styles.same}>Every permission is decided for {user} as it is now.</p>
      ) : (
        <table className={styles.changes}>
          <caption>Permissions that are decided otherwise</caption>
          <thead>
            <tr>
              <th scope="col">Permission</th>
              <th scope="col">Now</th>
              <th scope="col">Then</th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <tr key={change.permission}>
                <td>{change.permission}</td>
                <td>{decisionInWords(change.now)}</td>
                <td>{decisionInWords(change.then)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

const number = (count: number) => count.toLocaleString('en')

function ReadView({ read, user }: { read: Read; user: string }) {
  const { resourceType, now, gained, lost } = read
  return (
    <section className={styles.read} aria-label={`What ${user} reads of ${resourceType}`}>
      <p className={styles.counts}>
        <strong>{resourceType}</strong>
        <span>
          reads {number(now)} now, {number(read.then.total)} then
        </span>
      </p>
      <Things label="Gained" things={gained} resourceType={resourceType} />
      <Things label="Lost" things={lost} resourceType={resourceType} />
    </section>
  )
}

/** Things that are gained or lost: the first by name, and how many more. */
function Things({
  label,
  things,
  resourceType,
}: {
  label: 'Gained' | 'Lost'
  things: Read['gained']
  resourceType: string
}) {
  const isRole = resourceType === 'policy-entity'
  const { data } = useQuery(summaries(isRole ? [] : things.items))
  if (things.total === 0) return null
  const more = things.total - things.items.length
  return (
    <div className={styles.things} data-way={label}>
      <p>
        {label} {number(things.total)}
      </p>
      <ul aria-label={`${label} of ${resourceType}`}>
        {things.items.map((item) => {
          const ref = parseRef(item)
          if (!ref) return <li key={item}>{item}</li>
          return (
            <li key={item}>
              {isRole ? (
                <Link to={paths.role(ref)} search={{}}>
                  {item}
                </Link>
              ) : (
                <EntityLink entityRef={ref} summaries={data} icon />
              )}
            </li>
          )
        })}
        {more > 0 && <li className={styles.more}>and {number(more)} more</li>}
      </ul>
    </div>
  )
}
