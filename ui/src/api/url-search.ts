import type { RawSearch } from './catalog-search'

/** Reads a query string: `?tag=java&tag=go` becomes `{ tag: ['java', 'go'] }`. */
export function parseSearch(text: string): Record<string, string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(text)) {
    values.set(name, [...(values.get(name) ?? []), value])
  }
  // Through a map, because a parameter may be called `__proto__`.
  return Object.fromEntries(values)
}

/** Writes a query string that people can read: `:`, `/` and `,` need no escape there. */
export function stringifySearch(search: RawSearch): string {
  const parameters = new URLSearchParams()
  for (const [name, values] of Object.entries(search)) {
    for (const value of values) parameters.append(name, value)
  }
  const text = parameters.toString()
  return text ? `?${text.replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('%2C', ',')}` : ''
}
