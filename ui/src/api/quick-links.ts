import { isRecord, listOf } from './json'
import { safeUrl } from './safe-url'
import type { Setting } from './settings'

/** A link that somebody keeps on their home page. */
export interface QuickLink {
  title: string
  url: string
}

/** The most links that are kept. */
export const MOST_LINKS = 50

/** The longest title and address. */
export const LONGEST_TITLE = 80
export const LONGEST_URL = 1000

function readLink(raw: unknown): QuickLink[] {
  if (!isRecord(raw) || typeof raw.title !== 'string' || typeof raw.url !== 'string') return []
  const url = safeUrl(raw.url)
  const title = raw.title.trim().slice(0, LONGEST_TITLE)
  return url && title && url.length <= LONGEST_URL ? [{ title, url }] : []
}

/** Reads what is kept, each address once. */
export function readLinks(raw: unknown): readonly QuickLink[] {
  const links = listOf(raw).flatMap(readLink)
  const isFirst = ({ url }: QuickLink, index: number) =>
    links.findIndex((other) => other.url === url) === index
  return links.filter(isFirst).slice(0, MOST_LINKS)
}

/** Where the links are kept. */
export const LINKS: Setting<readonly QuickLink[]> = {
  bucket: 'default.home',
  key: 'links',
  read: readLinks,
}

/** What somebody typed, as an address: `wiki.example.com` is meant with `https://` before it. */
export function typedUrl(text: string): string | undefined {
  const trimmed = text.trim()
  const url = safeUrl(/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(trimmed) ? trimmed : `https://${trimmed}`)
  return url?.startsWith('http') ? url : undefined
}
