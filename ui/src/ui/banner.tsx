import { Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './banner.module.css'

/** Something about the whole page that needs attention, and what to do about it. */
export function Banner({
  tone,
  title,
  children,
}: {
  tone: 'danger' | 'warning' | 'info'
  title: string
  children?: ReactNode
}) {
  const Icon = tone === 'info' ? Info : TriangleAlert
  return (
    <section className={styles.banner} data-tone={tone} aria-label={title}>
      <Icon size={17} aria-hidden="true" />
      <div className={styles.body}>
        <h2>{title}</h2>
        {children}
      </div>
    </section>
  )
}
