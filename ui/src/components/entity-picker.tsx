import { useQuery } from '@tanstack/react-query'
import { type Ref, useDeferredValue, useState } from 'react'
import { type Entity, titleOf } from '../api/entity'
import { entitySearch } from '../api/entity-search'
import { parseRef, printRef, refOf } from '../api/ref'
import { SuggestField } from '../ui/suggest-field'
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
  note?: string | undefined
  problem?: string | undefined
  /** Only of these kinds, in lower case. */
  kinds?: readonly string[]
  /** What is chosen already. */
  without?: readonly string[]
  onPick: (ref: string) => void
  inputRef?: Ref<HTMLInputElement> | undefined
}) {
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim())
  const { data = [], isPending } = useQuery(entitySearch(wanted, kinds))
  const found = new Map(data.map((entity) => [printRef(refOf(entity)), entity]))
  const written = writtenRef(text, kinds)
  const offered = [...found.keys(), ...(written && !found.has(written) ? [written] : [])]
  const suggestions = offered
    .filter((ref) => !without.includes(ref))
    .map((ref) => ({ value: ref, shown: <Choice entityRef={ref} entity={found.get(ref)} /> }))

  return (
    <SuggestField
      label={label}
      note={note}
      problem={problem}
      text={text}
      suggestions={suggestions}
      nothing={isPending ? 'Looking…' : 'Nothing else in the catalog is called so.'}
      inputRef={inputRef}
      onType={setText}
      onPick={(ref) => {
        setText('')
        onPick(ref)
      }}
    />
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
