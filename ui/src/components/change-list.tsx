import type { components } from '../api/schema'
import styles from './change-list.module.css'

type Change = components['schemas']['Change']

/** Differences by their path, the old value above the new one. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  return (
    <ul aria-label="Differences" className={styles.changes}>
      {grouped(changes).map(([path, ofPath]) => (
        <li key={path} className={styles.change}>
          <code className={styles.path}>{path}</code>
          <div className={styles.values}>
            {ofPath.map((change, index) => (
              // Differences of one event never move.
              // biome-ignore lint/suspicious/noArrayIndexKey: values may repeat, and have no other key
              <Values key={index} change={change} />
            ))}
          </div>
        </li>
      ))}
    </ul>
  )
}

function Values({ change }: { change: Change }) {
  return (
    <>
      {change.change !== 'added' && (
        <del className={styles.value}>
          <span className="visually-hidden">Before: </span>
          {inWords(change.before)}
        </del>
      )}
      {change.change !== 'removed' && (
        <ins className={styles.value}>
          <span className="visually-hidden">After: </span>
          {inWords(change.after)}
        </ins>
      )}
    </>
  )
}

/** Items of one list stand together. */
function grouped(changes: readonly Change[]): [path: string, changes: Change[]][] {
  const groups = new Map<string, Change[]>()
  for (const change of changes) {
    groups.set(change.path, [...(groups.get(change.path) ?? []), change])
  }
  return [...groups]
}

/** A value for people: text as it is, a relation as a short sentence, anything else as JSON. */
function inWords(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '(empty text)' : value
  if (typeof value === 'object' && value !== null) {
    const [type, target, message] = ['type', 'targetRef', 'message'].map((key) =>
      Reflect.get(value, key),
    )
    if (typeof type === 'string' && typeof target === 'string') return `${type} ${target}`
    if (typeof message === 'string') return message
  }
  return JSON.stringify(value, undefined, 2)
}
