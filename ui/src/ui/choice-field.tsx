import { type ComponentPropsWithRef, useId } from 'react'
import styles from './choice-field.module.css'

/** One of several choices, under its label. */
export function ChoiceField({
  label,
  problem,
  hidesLabel = false,
  children,
  ...props
}: {
  label: string
  /** What is wrong with what is chosen. */
  problem?: string | undefined
  /** Whether the label is only for those who do not see what stands around it. */
  hidesLabel?: boolean
} & ComponentPropsWithRef<'select'>) {
  const [id, problemId] = [useId(), useId()]
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={hidesLabel ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <select
        id={id}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? problemId : undefined}
        {...props}
      >
        {children}
      </select>
      {problem && (
        <p id={problemId} className={styles.problem}>
          {problem}
        </p>
      )}
    </div>
  )
}
