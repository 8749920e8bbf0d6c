import type { ReactNode } from 'react'
import styles from './inline-field.module.css'

/** A field of a toolbar, with its label inside the frame. */
export function InlineField({
  label,
  active,
  children,
}: {
  label: string
  /** Whether it narrows anything. */
  active: boolean
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children
    <label className={styles.field} data-active={active || undefined}>
      <span>{label}</span>
      {children}
    </label>
  )
}
