import { useQuery } from '@tanstack/react-query'
import { greeting } from '../api/greeting'
import { me } from '../api/me'
import { HomeGrid } from '../components/home-grid'
import { HomeSearch } from '../components/home-search'
import { config } from '../config'
import styles from './home.module.css'

/** Where somebody begins: what they look for, what they come back to, and what waits for them. */
export default function HomePage() {
  const { data } = useQuery({ ...me, enabled: config.signInRequired })
  return (
    <div className={styles.page}>
      <title>{`Home · ${config.title}`}</title>
      <header className={styles.head}>
        <h1>{data?.user ? greeting(data.user, new Date()) : `Welcome to ${config.title}`}</h1>
        <HomeSearch />
      </header>
      <HomeGrid />
    </div>
  )
}
