import type { ComponentPropsWithRef } from 'react'
import styles from './button.module.css'

/** The look of a button, for links that should have it. */
export const buttonClass = (primary = false): string =>
  `${styles.button} ${primary ? styles.primary : ''}`

/** A button with words on it. */
export function Button({
  primary = false,
  className,
  ...props
}: { primary?: boolean } & ComponentPropsWithRef<'button'>) {
  return (
    <button type="button" className={`${buttonClass(primary)} ${className ?? ''}`} {...props} />
  )
}
