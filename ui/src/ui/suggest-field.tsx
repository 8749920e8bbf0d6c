import { type KeyboardEvent, type ReactNode, type Ref, useId, useState } from 'react'
import styles from './suggest-field.module.css'

/** Something that is offered while one types. */
export interface Suggestion {
  value: string
  shown: ReactNode
}

/**
 * A field that offers choices for what is typed, as the combobox pattern of ARIA has it: the focus stays in the
 * field, the arrows move through the list, Enter takes what is marked, and Escape closes the list.
 */
export function SuggestField({
  label,
  note,
  problem,
  text,
  suggestions,
  nothing,
  onType,
  onPick,
  inputRef,
}: {
  label: string
  note?: string | undefined
  problem?: string | undefined
  text: string
  suggestions: readonly Suggestion[]
  /** What the list says while there is nothing in it. */
  nothing: string
  onType: (text: string) => void
  onPick: (value: string) => void
  inputRef?: Ref<HTMLInputElement> | undefined
}) {
  const [id, listId, noteId, problemId] = [useId(), useId(), useId(), useId()]
  const [isOpen, setIsOpen] = useState(false)
  const [marked, setMarked] = useState(0)
  const at = Math.min(marked, suggestions.length - 1)
  const described = [problem && problemId, note && noteId].filter(Boolean).join(' ')
  const optionId = (index: number) => `${listId}-${index}`

  const pick = (value: string) => {
    setIsOpen(false)
    setMarked(0)
    onPick(value)
  }
  const steer = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const chosen = suggestions[at]
    if (step && suggestions.length > 0) {
      event.preventDefault()
      if (isOpen) setMarked((at + step + suggestions.length) % suggestions.length)
      setIsOpen(true)
    } else if (event.key === 'Enter') {
      // In a form it would send that.
      event.preventDefault()
      if (isOpen && chosen) pick(chosen.value)
    } else if (event.key === 'Escape' && isOpen) {
      event.stopPropagation()
      setIsOpen(false)
    }
  }
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.anchor}>
        <input
          id={id}
          ref={inputRef}
          type="text"
          role="combobox"
          aria-expanded={isOpen}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && suggestions.length > 0 ? optionId(at) : undefined}
          aria-describedby={described || undefined}
          aria-invalid={problem ? true : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder="Type a name"
          value={text}
          onChange={({ target }) => {
            onType(target.value)
            setMarked(0)
            setIsOpen(true)
          }}
          onClick={() => setIsOpen(true)}
          onBlur={() => setIsOpen(false)}
          onKeyDown={steer}
        />
        <div className={styles.popup} hidden={!isOpen}>
          <div id={listId} role="listbox" aria-label={`${label}: choices`} className={styles.list}>
            {suggestions.map(({ value, shown }, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, where the focus stays
              <div
                key={value}
                id={optionId(index)}
                role="option"
                // The field has the focus; the list is steered from there.
                tabIndex={-1}
                aria-selected={index === at}
                className={styles.option}
                onMouseDown={(event) => event.preventDefault()}
                onMouseMove={() => setMarked(index)}
                onClick={() => pick(value)}
              >
                {shown}
              </div>
            ))}
          </div>
          <p role="status" className={styles.nothing}>
            {isOpen && suggestions.length === 0 && nothing}
          </p>
        </div>
      </div>
      {problem && (
        <p id={problemId} className={styles.problem}>
          {problem}
        </p>
      )}
      {note && (
        <p id={noteId} className={styles.note}>
          {note}
        </p>
      )}
    </div>
  )
}
