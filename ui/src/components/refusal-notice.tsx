import { useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { errorFromThrown } from '../api/error'
import { sentence } from '../api/sentence'
import { settingsOf } from '../api/settings'
import { IconButton } from '../ui/icon-button'
import { Prose } from '../ui/prose'
import styles from './refusal-notice.module.css'

/** Says that something was not kept, on whatever page somebody is by then. */
export function RefusalNotice() {
  const settings = settingsOf(useQueryClient())
  const refusal = useSyncExternalStore(settings.subscribe, settings.refusal)
  if (!refusal) return null
  return (
    <div role="alert" className={styles.notice}>
      <div className={styles.words}>
        <strong>{refusal.title}</strong>
        <Prose text={explained(refusal.error)} />
      </div>
      <IconButton label="Close this message" onClick={settings.forgetRefusal}>
        <X size={15} aria-hidden="true" />
      </IconButton>
    </div>
  )
}

function explained(error: unknown): string {
  const { message, hint } = errorFromThrown(error)
  return hint ? `${sentence(message)} ${sentence(hint)}` : sentence(message)
}
