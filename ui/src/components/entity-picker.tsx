import { Combobox } from '@base-ui/react/combobox'
import { useQuery } from '@tanstack/react-query'
import { type Ref, useDeferredValue, useId, useState } from 'react'
import { type Entity, titleOf } from '../api/entity'
import { entitySearch } from '../api/entity-search'
import { parseRef, printRef, refOf } from '../api/ref'
import styles from './entity-picker.module.css'
import { KindIcon } from './kind-icon'

/** Finds entities of the catalog as one types; one that is not there can be named in full. */
export function EntityPicker({
  label,
  note,
  problem,
  kinds = [],
  without = [],
  onPick,
  inputRef,
}: {
  label: string
  note?: string
  problem?: string | undefined
  /** Only of these kinds, in lower case. */
  kinds?: readonly string[]
  /** What is chosen already. */
  without?: readonly string[]
  onPick: (ref: string) => void
  inputRef?: Ref<HTMLInputElement>
}) {
  const [id, noteId, problemId] = [useId(), useId(), useId()]
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim())
  const { data = [], isPending } = useQuery(entitySearch(wanted, kinds))
  const found = new Map(data.map((entity) => [printRef(refOf(entity)), entity]))
  const written = writtenRef(text, kinds)
  const offered = [...found.keys(), ...(written && !found.has(written) ? [written] : [])]
  const described = [problem && problemId, note && noteId].filter(Boolean).join(' ')

  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <Combobox.Root<string>
        items={offered.filter((ref) => !without.includes(ref))}
        filter={null}
        value={null}
        inputValue={text}
        autoHighlight
        onInputValueChange={(next, { reason }) => setText(reason === 'item-press' ? '' : next)}
        onValueChange={(ref) => {
          if (ref) onPick(ref)
          setText('')
        }}
      >
        <Combobox.Input
          id={id}
          ref={inputRef}
          placeholder="Type a name"
          spellCheck={false}
          aria-describedby={described || undefined}
          aria-invalid={problem ? true : undefined}
        />
        <Combobox.Portal>
          <Combobox.Positioner align="start" sideOffset={4} className={styles.positioner}>
            <Combobox.Popup className={styles.popup} aria-label={label}>
              <Combobox.Empty className={styles.empty}>
                {isPending ? 'Looking…' : 'Nothing in the catalog is called so.'}
              </Combobox.Empty>
              <Combobox.List className={styles.list}>
                {(ref: string) => (
                  <Combobox.Item key={ref} value={ref} className={styles.item}>
                    <Choice entityRef={ref} entity={found.get(ref)} />
                  </Combobox.Item>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
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

function Choice({ entityRef, entity }: { entityRef: string; entity: Entity | undefined }) {
  const kind = parseRef(entityRef)?.kind ?? ''
  return (
    <>
      <KindIcon kind={kind} size={15} />
      <span className={styles.words}>
        <span>{entity ? titleOf(entity) : entityRef}</span>
        <span className={styles.ref}>{entity ? entityRef : 'as it is written'}</span>
      </span>
    </>
  )
}

/** What is typed, when it names an entity in full that could be chosen. */
function writtenRef(text: string, kinds: readonly string[]): string | undefined {
  const ref = /^[^:]+:[^/]+\/.+$/.test(text.trim()) ? parseRef(text) : undefined
  if (!ref) return undefined
  return kinds.length === 0 || kinds.includes(ref.kind.toLowerCase()) ? printRef(ref) : undefined
}
