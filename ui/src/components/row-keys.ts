import type { KeyboardEvent } from 'react'

/** Links that stand for their row. */
const ROW_LINK = 'a[data-row-link]'

const TARGETS: Record<string, (index: number, last: number) => number> = {
  ArrowDown: (index, last) => Math.min(last, index + 1),
  ArrowUp: (index) => Math.max(0, index - 1),
  Home: () => 0,
  End: (_index, last) => last,
}

/** Leads from the search field into the table. */
export function focusFirstRow(): void {
  document.querySelector<HTMLAnchorElement>(ROW_LINK)?.focus()
}

/** Moves the focus between the links of rows with the arrow keys, Home and End. */
export function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  const target = TARGETS[event.key]
  if (!target || event.altKey || event.ctrlKey || event.metaKey) return
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>(ROW_LINK)]
  const row = document.activeElement?.closest('tr')
  const index = links.findIndex((link) => link.closest('tr') === row)
  if (index === -1) return
  event.preventDefault()
  links[target(index, links.length - 1)]?.focus()
}
