const SAFE_PROTOCOLS = new Set(['http:', 'https:', 'mailto:'])

/**
 * The address, if a browser may follow it. Entities are written by anyone, so `javascript:` and
 * other schemes never become links; the browser's own parser decides, tricks with blanks included.
 */
export function safeUrl(text: string | undefined): string | undefined {
  if (!text) return undefined
  try {
    const url = new URL(text)
    return SAFE_PROTOCOLS.has(url.protocol) ? url.href : undefined
  } catch {
    return undefined
  }
}

/** The address inside `url:https://…`, the form that location annotations have. */
export function safeLocationUrl(location: string | undefined): string | undefined {
  return location?.startsWith('url:') ? safeUrl(location.slice('url:'.length)) : undefined
}
