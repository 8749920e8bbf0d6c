import { batched } from './batched'
import { answerOf, api } from './client'
import { ApiError } from './error'
import type { components } from './schema'

/** The name of a setting: the same words as in Backstage, whose clients read and write them too. */
export interface SettingName {
  bucket: string
  key: string
}

/** Where the settings of somebody are. */
export interface SettingsStore {
  /** Whose they are; part of the key in the query cache. */
  owner: string
  /** What a setting says; `null` when there is none. */
  read(name: SettingName): Promise<unknown>
  /** The same where it can be known at once. */
  peek?(name: SettingName): unknown
  write(name: SettingName, value: unknown, leaving: boolean): Promise<void>
}

const ask = batched(async (items: readonly SettingName[]) => {
  const body: components['schemas']['WantedSettings'] = { items: [...items] }
  const { items: found } = await answerOf(api.POST('/api/user-settings/multiget', { body }))
  return found.map((item): unknown => item?.value ?? null)
})

/** The settings of a person who is signed in: on the server, in every browser the same. */
export const serverStore = (person: string): SettingsStore => ({
  owner: person,
  read: async (name) => (await ask(name)) ?? null,
  async write({ bucket, key }, value, leaving) {
    await answerOf(
      api.PUT('/api/user-settings/buckets/{bucket}/keys/{key}', {
        params: { path: { bucket, key } },
        body: { value },
        // A page that goes away does not wait for answers; the browser still sends what it asked for.
        keepalive: leaving,
      }),
    )
  },
})

const PREFIX = 'callboard.settings/'

/** As on the server. */
const LARGEST = 64 * 1024

/** What the browser would not keep; it lasts until the page is closed. */
const unkept = new Map<string, unknown>()

const placeOf = ({ bucket, key }: SettingName) => `${PREFIX}${bucket}/${key}`

function peek(name: SettingName): unknown {
  const place = placeOf(name)
  if (unkept.has(place)) return unkept.get(place)
  try {
    return JSON.parse(localStorage.getItem(place) ?? 'null') ?? null
  } catch {
    // Storage may be blocked, and what is in it may be anything.
    return null
  }
}

/** The settings of whoever uses this browser, for portals where nobody signs in. */
export const browserStore: SettingsStore = {
  owner: 'browser',
  peek,
  read: async (name) => peek(name),
  async write(name, value) {
    const [place, text] = [placeOf(name), JSON.stringify(value)]
    if (text.length > LARGEST) {
      throw new ApiError('TooLarge', 'It is more than a browser should keep.', 400)
    }
    try {
      localStorage.setItem(place, text)
      unkept.delete(place)
    } catch {
      unkept.set(place, value)
    }
  },
}

/** Calls `listener` when another tab changed something, until the returned function is called. */
export function onOtherTab(listener: () => void): () => void {
  const listen = ({ key }: StorageEvent) => {
    if (key === null || key.startsWith(PREFIX)) listener()
  }
  window.addEventListener('storage', listen)
  return () => window.removeEventListener('storage', listen)
}
