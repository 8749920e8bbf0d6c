import { Plus, X } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import styles from './texts-input.module.css'

/** Several texts, each removable; what is typed is added by Enter, by a comma, or by leaving the field. */
export function TextsInput({
  label,
  note,
  problem,
  texts,
  sayOf = (text) => text,
  offers = [],
  onChange,
}: {
  label: string
  note?: string | undefined
  problem?: string | undefined
  texts: readonly string[]
  /** What a text stands for, where that is not plain. */
  sayOf?: (text: string) => string
  /** What can be added without typing it. */
  offers?: readonly string[]
  onChange: (texts: string[]) => void
}) {
  const [id, noteId, problemId] = [useId(), useId(), useId()]
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  const described = [problem && problemId, note && noteId].filter(Boolean).join(' ')

  const add = (text: string) => {
    const next = text.split(',').map((part) => part.trim())
    const all = new Set([...texts, ...next.filter((part) => part !== '')])
    setTyped('')
    if (all.size > texts.length) onChange([...all])
  }
  const remove = (text: string) => {
    onChange(texts.filter((other) => other !== text))
    input.current?.focus()
  }
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.box}>
        {texts.length > 0 && (
          <ul className={styles.texts} aria-label={`Chosen: ${label}`}>
            {texts.map((text) => (
              <li key={text} title={text}>
                <span>{sayOf(text)}</span>
                <button type="button" aria-label={`Remove ${text}`} onClick={() => remove(text)}>
                  <X size={12} aria-hidden="true" />
                </button>
              </li>
            ))}
          </ul>
        )}
        <input
          id={id}
          ref={input}
          type="text"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          placeholder={texts.length === 0 ? 'Type, then Enter' : 'Another one'}
          aria-describedby={described || undefined}
          aria-invalid={problem ? true : undefined}
          onChange={({ target }) => setTyped(target.value)}
          onBlur={() => add(typed)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return
            if (event.key === 'Enter' || event.key === ',') {
              event.preventDefault()
              add(typed)
            }
            const last = texts.at(-1)
            if (event.key === 'Backspace' && typed === '' && last !== undefined) remove(last)
          }}
        />
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
      <div className={styles.offers}>
        {offers
          .filter((offer) => !texts.includes(offer))
          .map((offer) => (
            <button key={offer} type="button" title={offer} onClick={() => add(offer)}>
              <Plus size={12} aria-hidden="true" />
              {sayOf(offer)}
            </button>
          ))}
      </div>
    </div>
  )
}
