import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import styles from './search-field.module.css'
import { useSlash } from './use-slash'

/** How long to wait for the next key before the text counts. */
const DEBOUNCE_MS = 200

/** A text filter that reports what was typed once the typing pauses; `/` leads to it. */
export function SearchField({
  label,
  text,
  onChange,
  onArrowDown,
}: {
  label: string
  text: string
  onChange: (text: string) => void
  /** Called when the arrow leads out of the field, towards what was found. */
  onArrowDown: () => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const [draft, setDraft] = useState(text)
  const [reported, setReported] = useState(text)
  // The text changed elsewhere (the back button, "clear filters"), so it replaces the draft.
  if (text !== reported) {
    setReported(text)
    setDraft(text)
  }

  const report = (next: string) => {
    setReported(next)
    onChange(next)
  }

  // A timer is outside React: every key starts it anew.
  useEffect(() => {
    const next = draft.trim()
    if (next === reported) return
    const timer = setTimeout(() => report(next), DEBOUNCE_MS)
    return () => clearTimeout(timer)
  })

  useSlash(input)

  const clear = () => {
    setDraft('')
    report('')
    input.current?.focus()
  }

  return (
    <search className={styles.field}>
      <Search size={15} aria-hidden="true" />
      <input
        ref={input}
        type="text"
        inputMode="search"
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') report(draft.trim())
          if (event.key === 'Escape' && draft !== '') clear()
          if (event.key === 'ArrowDown') onArrowDown()
        }}
      />
      {draft === '' ? (
        <kbd>/</kbd>
      ) : (
        <button type="button" aria-label="Clear the search" onClick={clear}>
          <X size={14} aria-hidden="true" />
        </button>
      )}
    </search>
  )
}
