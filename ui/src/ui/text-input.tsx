import { type ComponentPropsWithRef, useId } from 'react'
import styles from './text-input.module.css'

/** A line of text to fill in, under its label. */
export function TextInput({
  label,
  note,
  problem,
  ...props
}: {
  label: string
  note?: string
  /** What is wrong with what is filled in. */
  problem?: string | undefined
} & ComponentPropsWithRef<'input'>) {
  const [id, noteId, problemId] = [useId(), useId(), useId()]
  const described = [problem && problemId, note && noteId].filter(Boolean).join(' ')
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        aria-describedby={described || undefined}
        aria-invalid={problem ? true : undefined}
        {...props}
      />
      {problem && (
        <p id={problemId} className={styles.problem}>
          {problem}
        </p>
      )}
      {note && (
        <p id={noteId} className={styles.note}>
          {note}
        </p>
      )}
    </div>
  )
}
