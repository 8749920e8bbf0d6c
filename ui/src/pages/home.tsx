import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { greeting } from '../api/greeting'
import { me } from '../api/me'
import { HomeBar } from '../components/home-bar'
import { HomeGrid } from '../components/home-grid'
import { HomeSearch } from '../components/home-search'
import { config } from '../config'
import styles from './home.module.css'

/** Where somebody begins: what they look for, what they come back to, and what waits for them. */
export default function HomePage() {
  const { data } = useQuery({ ...me, enabled: config.signInRequired })
  const [isArranging, setArranging] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <div className={styles.page}>
      <title>{`Home · ${config.title}`}</title>
      <header className={styles.head}>
        <h1>{data?.user ? greeting(data.user, new Date()) : `Welcome to ${config.title}`}</h1>
        <div className={styles.row}>
          <HomeSearch />
          <HomeBar ref={button} isArranging={isArranging} onArrange={setArranging} />
        </div>
      </header>
      <HomeGrid isArranging={isArranging} onGone={() => button.current?.focus()} />
    </div>
  )
}
