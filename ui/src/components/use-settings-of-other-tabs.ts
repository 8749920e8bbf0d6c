import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { onOtherTab } from '../api/settings-store'

/** Follows what another tab keeps in this browser. */
export function useSettingsOfOtherTabs(): void {
  const client = useQueryClient()
  // The browser's storage tells of its changes itself.
  useEffect(
    () => onOtherTab(() => void client.invalidateQueries({ queryKey: ['settings', 'browser'] })),
    [client],
  )
}
