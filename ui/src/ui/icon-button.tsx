import type { ComponentPropsWithRef } from 'react'
import styles from './icon-button.module.css'

/** A square button that shows only a sign; the label is for everyone who cannot see it. */
export function IconButton({
  label,
  className,
  ...props
}: { label: string } & ComponentPropsWithRef<'button'>) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`${styles.button} ${className ?? ''}`}
      {...props}
    />
  )
}
