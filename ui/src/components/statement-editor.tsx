import { X } from 'lucide-react'
import {
  type Effect,
  type Item,
  itemKey,
  newStatement,
  type Statement,
  type Topic,
  topicKey,
  uniqueItems,
  withEffect,
} from '../api/role-draft'
import { aboutStatement, type Problems } from '../api/role-problems'
import type { RuleInfo } from '../api/roles'
import { itemInWords, topicInWords } from '../api/statement-words'
import { ChoiceField } from '../ui/choice-field'
import { IconButton } from '../ui/icon-button'
import { ConditionEditor } from './condition-editor'
import styles from './statement-editor.module.css'
import { TopicField } from './topic-field'
import { useFocusWhen } from './use-focus-when'

/** One part of what a role says: about what, whether it allows or denies, which permissions, and if what. */
export function StatementEditor({
  statement,
  position,
  topics,
  rules,
  problems,
  isNew,
  onChange,
  onRemove,
}: {
  statement: Statement
  /** Which one it is, from 1. */
  position: number
  topics: readonly Topic[]
  rules: readonly RuleInfo[]
  problems: Problems
  isNew: boolean
  onChange: (statement: Statement) => void
  onRemove: () => void
}) {
  const select = useFocusWhen<HTMLSelectElement>(isNew)
  const { topic, effect } = statement
  const known = topics.find((other) => topicKey(other) === topicKey(topic))
  const fitting = rules.filter(({ resourceType }) => resourceType === topic.resourceType)
  const hasConditions = topic.resourceType !== '' && fitting.length > 0
  return (
    <fieldset className={styles.statement}>
      <legend className="visually-hidden">{`Part ${position}: ${topicInWords(topic)}`}</legend>
      <div className={styles.head}>
        <ChoiceField
          label="Effect"
          hidesLabel
          value={effect}
          onChange={({ target }) => onChange(withEffect(statement, target.value as Effect, known))}
        >
          <option value="allow">Allow</option>
          {(hasConditions || effect === 'if') && <option value="if">Allow if…</option>}
          <option value="deny">Deny</option>
        </ChoiceField>
        <TopicField
          ref={select}
          topic={topic}
          topics={topics}
          onChange={(next) => onChange({ ...newStatement(next), key: statement.key })}
        />
        <IconButton label={`Remove part ${position}`} onClick={onRemove}>
          <X size={15} aria-hidden="true" />
        </IconButton>
      </div>
      <Items
        statement={statement}
        known={known?.items ?? []}
        problem={problems.get(aboutStatement(statement.key))}
        onChange={(items) => onChange({ ...statement, items })}
      />
      {effect === 'if' && (
        <ConditionEditor
          group={statement.condition}
          rules={fitting}
          problems={problems}
          onChange={(condition) => onChange({ ...statement, condition })}
        />
      )}
    </fieldset>
  )
}

/** Which permissions: those of the type by what they do, and single ones. */
function Items({
  statement,
  known,
  problem,
  onChange,
}: {
  statement: Statement
  known: readonly Item[]
  problem: string | undefined
  onChange: (items: Item[]) => void
}) {
  const { topic, effect, items } = statement
  const chosen = new Set(items.map(itemKey))
  // Conditions name single permissions. What no plugin knows stays until it is taken away.
  const offered = uniqueItems([
    ...known.filter(({ target }) => effect !== 'if' || target !== topic.resourceType),
    ...items,
  ])
  const toggle = (item: Item) =>
    onChange(
      chosen.has(itemKey(item))
        ? items.filter((other) => itemKey(other) !== itemKey(item))
        : [...items, item],
    )
  const problemId = `problem-${statement.key}`
  return (
    <div className={styles.choices}>
      <ul className={styles.items} aria-label="Permissions">
        {offered.map((item) => (
          <li key={itemKey(item)}>
            <label className={styles.item}>
              <input
                type="checkbox"
                checked={chosen.has(itemKey(item))}
                aria-invalid={problem ? true : undefined}
                aria-describedby={problem ? problemId : undefined}
                onChange={() => toggle(item)}
              />
              <span>{itemInWords(item, topic.resourceType)}</span>
            </label>
          </li>
        ))}
      </ul>
      {problem && (
        <p id={problemId} className={styles.problem}>
          {problem}
        </p>
      )}
    </div>
  )
}
