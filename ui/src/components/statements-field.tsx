import { Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { newStatement, type Statement, type Topic } from '../api/role-draft'
import type { Problems } from '../api/role-problems'
import type { RuleInfo } from '../api/roles'
import { Button } from '../ui/button'
import { StatementEditor } from './statement-editor'
import styles from './statements-field.module.css'

/** What a role permits, in parts that can be added and removed. */
export function StatementsField({
  statements,
  topics,
  rules,
  problems,
  onChange,
}: {
  statements: readonly Statement[]
  topics: readonly Topic[]
  rules: readonly RuleInfo[]
  problems: Problems
  onChange: (statements: Statement[]) => void
}) {
  const adding = useRef<HTMLButtonElement>(null)
  const [added, setAdded] = useState<number>()
  const add = () => {
    // Most roles are about entities. The others are one choice away.
    const first = topics.find(({ resourceType }) => resourceType === 'catalog-entity') ?? topics[0]
    if (!first) return
    const statement = newStatement(first)
    setAdded(statement.key)
    onChange([...statements, statement])
  }
  const remove = (key: number) => {
    adding.current?.focus()
    onChange(statements.filter((other) => other.key !== key))
  }
  return (
    <div className={styles.statements}>
      {statements.length === 0 && (
        <p className={styles.none}>
          Nothing yet. A role without permissions gives nothing to its members.
        </p>
      )}
      {statements.map((statement, index) => (
        <StatementEditor
          key={statement.key}
          statement={statement}
          position={index + 1}
          topics={topics}
          rules={rules}
          problems={problems}
          isNew={statement.key === added}
          onChange={(next) =>
            onChange(statements.map((other) => (other.key === next.key ? next : other)))
          }
          onRemove={() => remove(statement.key)}
        />
      ))}
      <div>
        <Button ref={adding} onClick={add}>
          <Plus size={14} aria-hidden="true" />
          Add permissions
        </Button>
      </div>
    </div>
  )
}
