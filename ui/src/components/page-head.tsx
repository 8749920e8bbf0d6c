import { RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../ui/button'
import styles from './page-head.module.css'

/** What a page of the administration is about, and a button that asks for it again. */
export function PageHead({
  title,
  about,
  loadedAt,
  isLoading,
  onReload,
  children,
}: {
  title: string
  about: ReactNode
  /** When it was loaded, in Unix milliseconds; 0 before that. */
  loadedAt: number
  isLoading: boolean
  onReload: () => void
  /** What else can be done here. */
  children?: ReactNode
}) {
  return (
    <header className={styles.head}>
      <div className={styles.words}>
        <h1>{title}</h1>
        <p>{about}</p>
      </div>
      <p className={styles.loaded} role="status">
        {loadedAt > 0 && `Loaded at ${TIME.format(loadedAt)}`}
      </p>
      <Button disabled={isLoading} onClick={onReload}>
        <RotateCw size={14} aria-hidden="true" />
        Reload
      </Button>
      {children}
    </header>
  )
}

const TIME = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' })
