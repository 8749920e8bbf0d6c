import { Link } from '@tanstack/react-router'
import { readCondition } from '../api/conditions'
import type { Explanation } from '../api/explain'
import { parseRef, shortName } from '../api/ref'
import { sourceName } from '../api/role-words'
import { sentence } from '../api/sentence'
import { paths } from '../paths'
import { Card } from '../ui/card'
import { Prose } from '../ui/prose'
import { Tag } from '../ui/tag'
import { ConditionView } from './condition-view'
import styles from './explanation-view.module.css'

const DECISIONS: Readonly<Record<string, string>> = {
  ALLOW: 'Allowed',
  DENY: 'Denied',
  CONDITIONAL: 'Depends on the thing',
}

/** A decision: what it is, the roles behind it, the lines that decided, and which conditions are true. */
export function ExplanationView({
  explanation: { user, permission, decision, why, roles, grounds, conditions },
  thing,
}: {
  explanation: Explanation
  thing: string
}) {
  return (
    <div className={styles.explanation}>
      <section className={styles.decision} data-decision={decision} aria-label="Decision">
        <h2>{DECISIONS[decision] ?? decision}</h2>
        <p>
          <code>{permission}</code> for <code>{user}</code>
          {thing && (
            <>
              {' and '}
              <code>{thing}</code>
            </>
          )}
        </p>
        <p>
          <Prose text={sentence(why)} />
        </p>
      </section>
      {conditions && (
        <Card
          title={thing ? 'The conditions, tried on it' : 'The conditions, as they are for them'}
        >
          <div className={styles.conditions}>
            <ConditionView condition={conditions} />
          </div>
        </Card>
      )}
      <Card title="What decided">
        {grounds.length === 0 && (
          <p className={styles.none}>No line of a role says anything about it.</p>
        )}
        <ul className={styles.list} aria-label="What decided">
          {grounds.map(({ role, says, at }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a role can say the same twice
            <li key={index}>
              <Said text={says} />
              <span className={styles.at}>
                {role && <RoleLink name={role} />} · {at}
              </span>
            </li>
          ))}
        </ul>
      </Card>
      <Card title="Roles that they have">
        {roles.length === 0 && (
          <p className={styles.none}>None: whoever has no role may do nothing.</p>
        )}
        <ul className={styles.list} aria-label="Roles that they have">
          {roles.map(({ role, source, through }) => (
            <li key={role}>
              <span className={styles.role}>
                <RoleLink name={role} />
                <Tag>{sourceName(source)}</Tag>
              </span>
              <Way through={through} />
            </li>
          ))}
        </ul>
      </Card>
    </div>
  )
}

/** What a line says: conditions in words, policies as they are written. */
function Said({ text }: { text: string }) {
  const condition = text.startsWith('{') ? conditionIn(text) : undefined
  return condition ? <ConditionView condition={condition} /> : <code>{text}</code>
}

function conditionIn(text: string) {
  try {
    return readCondition(JSON.parse(text))
  } catch {
    return undefined
  }
}

function RoleLink({ name }: { name: string }) {
  const ref = parseRef(name)
  if (!ref) return name
  return (
    <Link to={paths.role(ref)} search={{}} title={name}>
      {shortName(ref)}
    </Link>
  )
}

/** How somebody comes to have a role: through which groups. */
function Way({ through }: { through: readonly string[] }) {
  if (through.join() === 'everyone') return <span className={styles.at}>everybody has it</span>
  if (through.length === 1) return <span className={styles.at}>given to them</span>
  return (
    <ol className={styles.way} aria-label="Way to the role">
      {through.map((step) => {
        const ref = parseRef(step)
        return (
          <li key={step}>
            {ref ? (
              <Link to={paths.entity(ref)} search={{}}>
                {step}
              </Link>
            ) : (
              step
            )}
          </li>
        )
      })}
    </ol>
  )
}
