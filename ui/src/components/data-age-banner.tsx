import { useEffect, useSyncExternalStore } from 'react'
import { answerOf, api } from '../api/client'
import { dataAge, onDataAge } from '../api/data-age'
import { Banner } from '../ui/banner'
import styles from './data-age-banner.module.css'

/** How often to ask whether the database is there: while it is, and while it is away. */
const CALM_MS = 20_000
const AWAY_MS = 3_000

/** Says that what is on the page may be out of date, for as long as that is so. */
export function DataAgeBanner() {
  const age = useSyncExternalStore(onDataAge, dataAge)
  const away = age !== undefined
  // Nobody asks for anything on a page that just lies there, so this asks now and then. The answer is noted by the
  // client, as every answer is.
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState !== 'visible') return
      void answerOf(api.GET('/api/catalog/revision')).catch(() => undefined)
    }
    const timer = setInterval(ask, away ? AWAY_MS : CALM_MS)
    return () => clearInterval(timer)
  }, [away])
  return (
    <div role="status" className={styles.place}>
      {away && (
        <Banner
          tone="warning"
          title={`Showing data from ${ageInWords(age)} ago: the database does not answer`}
        >
          <p>
            Changes show again, and can be made again, when it is back. This page notices by itself.
          </p>
        </Banner>
      )}
    </div>
  )
}

/** `12 seconds`, `1 minute`, `3 hours`. */
function ageInWords(seconds: number): string {
  const [count, unit] =
    seconds < 60
      ? [seconds, 'second']
      : seconds < 3600
        ? [Math.floor(seconds / 60), 'minute']
        : [Math.floor(seconds / 3600), 'hour']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
