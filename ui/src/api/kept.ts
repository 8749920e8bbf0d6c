import type { QueryClient } from '@tanstack/react-query'
import { LAYOUT } from './home-layout'
import { me } from './me'
import { LINKS } from './quick-links'
import { settingQuery, storeOf } from './settings'
import { STARS } from './stars'
import { REMEMBER, visitsOf } from './visits'

/** Asks for everything that people keep for themselves, at once: every page needs some of it. */
export function prefetchKept(client: QueryClient): void {
  const person = client.getQueryData(me.queryKey)?.user?.entityRef
  const store = storeOf(person)
  if (!store) return
  for (const setting of [STARS, LAYOUT, LINKS, REMEMBER, visitsOf(person)]) {
    void client.prefetchQuery(settingQuery(store, setting))
  }
}
