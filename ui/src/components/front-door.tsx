import type { ReactNode } from 'react'
import { config } from '../config'
import styles from './front-door.module.css'
import { Mark } from './mark'
import { ThemeToggle } from './theme-toggle'

/** The frame of pages for those who are not signed in: one card, and nothing else. */
export function FrontDoor({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <header className={styles.head}>
          <Mark size={36} />
          <h1>{title}</h1>
        </header>
        {children}
      </div>
      <footer className={styles.foot}>
        <span>{config.title}</span>
        <ThemeToggle />
      </footer>
    </main>
  )
}
