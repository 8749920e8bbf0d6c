import { conditionOf } from '../api/condition-draft'
import type { Statement } from '../api/role-draft'
import { effectInWords, itemInWords, topicInWords } from '../api/statement-words'
import { ConditionView } from './condition-view'
import styles from './role-statements.module.css'

/** What a role says, part by part. */
export function RoleStatements({ statements }: { statements: readonly Statement[] }) {
  return (
    <ul className={styles.statements} aria-label="Permissions">
      {statements.map((statement) => (
        <StatementView key={statement.key} statement={statement} />
      ))}
    </ul>
  )
}

function StatementView({ statement }: { statement: Statement }) {
  const { topic, effect, items, condition } = statement
  return (
    <li className={styles.statement}>
      <h3 className={styles.topic}>{topicInWords(topic)}</h3>
      <p className={styles.effect} data-effect={effect}>
        {effectInWords[effect]}
      </p>
      <ul className={styles.items}>
        {items.map((item) => (
          <li key={`${item.target} ${item.verb}`} title={`${item.target}, ${item.verb}`}>
            {itemInWords(item, topic.resourceType)}
          </li>
        ))}
      </ul>
      {effect === 'if' && (
        <div className={styles.condition}>
          <p>if</p>
          <ConditionView condition={conditionOf(condition, topic.resourceType)} />
        </div>
      )}
    </li>
  )
}
