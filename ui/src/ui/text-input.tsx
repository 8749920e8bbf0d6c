import { type ComponentPropsWithRef, useId } from 'react'
import styles from './text-input.module.css'

/** A line of text to fill in, under its label. */
export function TextInput({
  label,
  note,
  ...props
}: { label: string; note?: string } & ComponentPropsWithRef<'input'>) {
  const [id, noteId] = [useId(), useId()]
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input id={id} aria-describedby={note ? noteId : undefined} {...props} />
      {note && (
        <p id={noteId} className={styles.note}>
          {note}
        </p>
      )}
    </div>
  )
}
