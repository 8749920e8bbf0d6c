import type { LiveState } from '../api/live'
import { config } from '../config'
import styles from './live-indicator.module.css'

const WORDS: Record<LiveState, [label: string, meaning: string]> = {
  live: ['Live', 'Changes show by themselves.'],
  connecting: ['Connecting', 'Waiting for the server.'],
  polling: ['Checking', 'The live connection is away; asking every 10 seconds.'],
  paused: ['Paused', 'This tab is in the background.'],
}

/** Whether what is on the page follows the catalog. */
export function LiveIndicator({ state }: { state: LiveState }) {
  const [label, meaning] = WORDS[state]
  return (
    <span
      className={styles.live}
      data-state={state}
      title={`${meaning} Version ${config.version}.`}
    >
      <span className={styles.dot} aria-hidden="true" />
      <span role="status">
        {label}
        <span className="visually-hidden">: {meaning}</span>
      </span>
    </span>
  )
}
