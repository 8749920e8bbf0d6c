import { Check, X } from 'lucide-react'
import { type Condition, ruleInWords } from '../api/conditions'
import styles from './condition-view.module.css'

/** Conditions in words; where they were tried on a thing, each part with whether it is true for it. */
export function ConditionView({ condition }: { condition: Condition }) {
  if (!('rule' in condition)) return <Group condition={condition} />
  return (
    <div className={styles.rule} title={condition.rule}>
      <Truth result={condition.result} />
      <span>{ruleInWords(condition)}</span>
    </div>
  )
}

function Group({ condition }: { condition: Exclude<Condition, { rule: string }> }) {
  const [words, items] = partsOf(condition)
  return (
    <div className={styles.group}>
      <p className={styles.together}>
        <Truth result={condition.result} />
        {words}
      </p>
      <ul className={styles.items}>
        {items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions are shown whole, and have no other identity
          <li key={index}>
            <ConditionView condition={item} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function partsOf(condition: Exclude<Condition, { rule: string }>): [string, Condition[]] {
  if ('allOf' in condition) return ['all of', condition.allOf]
  if ('anyOf' in condition) return ['any of', condition.anyOf]
  return ['not', [condition.not]]
}

/** Whether something is true; nothing, where that was not asked. */
function Truth({ result }: { result: boolean | null | undefined }) {
  if (result === undefined) return null
  if (result === null) return <span className={styles.unknown}>not known</span>
  const Icon = result ? Check : X
  return (
    <span className={styles.truth} data-true={result}>
      <Icon size={12} strokeWidth={3} aria-hidden="true" />
      {result ? 'true' : 'false'}
    </span>
  )
}
