import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { config } from '../config'
import { me } from './me'
import { browserStore, type SettingName, type SettingsStore, serverStore } from './settings-store'
import { applied, type Change, WriteQueue } from './write-queue'

/** Something that people keep for themselves. Declared once, outside of components. */
export interface Setting<T> extends SettingName {
  /** Reads what is kept. Another program may have written it: whatever makes no sense is absent. */
  read(raw: unknown): T
}

/** What could not be kept, for the person in front of the page. */
export interface Refusal {
  title: string
  error: unknown
}

/** What is on its way to where settings are kept. */
export class Settings {
  #refusal: Refusal | undefined
  readonly #queues = new Map<string, WriteQueue>()
  readonly #listeners = new Set<() => void>()

  constructor(private readonly client: QueryClient) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The last refusal that nobody has seen off. */
  refusal = (): Refusal | undefined => this.#refusal

  forgetRefusal = (): void => {
    this.#refusal = undefined
    this.#tell()
  }

  queue(store: SettingsStore, setting: Setting<unknown>): WriteQueue {
    const id = JSON.stringify([store.owner, setting.bucket, setting.key])
    const queue = this.#queues.get(id) ?? this.#open(store, setting)
    this.#queues.set(id, queue)
    return queue
  }

  #open(store: SettingsStore, setting: Setting<unknown>): WriteQueue {
    const { queryKey } = settingQuery(store, setting)
    const keeper = {
      read: async (leaving: boolean) => {
        const known: unknown = leaving ? this.client.getQueryData(queryKey) : undefined
        return known === undefined ? await store.read(setting) : known
      },
      write: (value: unknown, leaving: boolean) => store.write(setting, value, leaving),
      onKept: (value: unknown) => {
        // An answer that is under way may be older than what was just written.
        void this.client.cancelQueries({ queryKey })
        this.client.setQueryData(queryKey, value)
      },
      onRefused: (changes: readonly Change[], error: unknown) => {
        const title = changes.find(({ refusal }) => refusal)?.refusal
        if (!title) return
        this.#refusal = { title, error }
        this.#tell()
      },
    }
    return new WriteQueue(keeper, () => this.#tell())
  }

  #tell() {
    for (const listener of this.#listeners) listener()
  }
}

const all = new WeakMap<QueryClient, Settings>()

/** What is on its way, for the pages over one query cache. */
export function settingsOf(client: QueryClient): Settings {
  const settings = all.get(client) ?? new Settings(client)
  all.set(client, settings)
  return settings
}

/** What is kept, as it was written. Another browser may change it, so it ages soon. */
export const settingQuery = (store: SettingsStore, { bucket, key }: SettingName) =>
  queryOptions({
    queryKey: ['settings', store.owner, bucket, key],
    staleTime: store.peek ? 0 : 60_000,
    queryFn: () => store.read({ bucket, key }),
    ...(store.peek && { initialData: () => store.peek?.({ bucket, key }) }),
  })

/** Where the settings of whoever is in front of the page are, once it is known who that is. */
export function storeOf(person: string | undefined): SettingsStore | undefined {
  if (!config.signInRequired) return browserStore
  return person === undefined ? undefined : serverStore(person)
}

/** The same, for components. */
export function useSettingsStore(): SettingsStore | undefined {
  const { data } = useQuery({ ...me, enabled: config.signInRequired })
  const person = data?.user?.entityRef
  return useMemo(() => storeOf(person), [person])
}

/** Stands for a store until it is known; nothing is read from it. */
const NOBODY: SettingsStore = { owner: '', read: async () => null, write: async () => {} }

/** How a change is made. */
export type ChangeOptions = Pick<Change, 'refusal' | 'leaving'>

/**
 * What a setting says, changes that are not kept yet included, and a way to change it. The value is
 * undefined until it is known.
 */
export function useSetting<T>(setting: Setting<T>) {
  const client = useQueryClient()
  const store = useSettingsStore()
  const settings = settingsOf(client)
  const queue = settings.queue(store ?? NOBODY, setting)
  const waiting = useSyncExternalStore(settings.subscribe, () => queue.waiting)
  const query = useQuery({ ...settingQuery(store ?? NOBODY, setting), enabled: Boolean(store) })
  const raw = query.data
  const value = useMemo(
    () => (raw === undefined ? undefined : setting.read(applied(waiting, raw))),
    [raw, waiting, setting],
  )
  const change = useCallback(
    (next: (value: T) => T, options: ChangeOptions = {}) =>
      queue.add({ ...options, apply: (before) => next(setting.read(before)) }),
    [queue, setting],
  )
  return { value, change, error: query.error, refetch: query.refetch }
}
