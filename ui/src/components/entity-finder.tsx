import { Combobox } from '@base-ui/react/combobox'
import { useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { useDeferredValue, useRef, useState } from 'react'
import { type Entity, titleOf } from '../api/entity'
import { entitySearch } from '../api/entity-search'
import { printRef, refOf, shortName } from '../api/ref'
import styles from './entity-finder.module.css'
import { KindIcon, kindName } from './kind-icon'

/** A search field for the head of a page that finds one entity while one types. */
export function EntityFinder({ label, onPick }: { label: string; onPick: (ref: string) => void }) {
  const field = useRef<HTMLDivElement>(null)
  const [text, setText] = useState('')
  const asked = useDeferredValue(text.trim())
  const [isOpen, setIsOpen] = useState(false)
  const { data: found, isFetching } = useQuery({ ...entitySearch(asked, []), enabled: isOpen })

  const pick = (entity: Entity | null) => {
    if (!entity) return
    setText('')
    onPick(printRef(refOf(entity)))
  }

  return (
    <Combobox.Root
      items={found ?? []}
      filter={null}
      value={null}
      inputValue={text}
      onInputValueChange={setText}
      onValueChange={pick}
      onOpenChange={setIsOpen}
      itemToStringLabel={titleOf}
      autoHighlight
    >
      <div ref={field} className={styles.field}>
        <Search size={15} aria-hidden="true" />
        <Combobox.Input aria-label={label} placeholder={label} spellCheck={false} />
      </div>
      <Combobox.Portal>
        <Combobox.Positioner
          anchor={field}
          align="start"
          sideOffset={6}
          className={styles.positioner}
        >
          <Combobox.Popup className={styles.popup} aria-label="Entities found">
            <Combobox.Empty className={styles.empty}>
              {isFetching || !found ? 'Looking…' : `Nothing is called “${asked}”.`}
            </Combobox.Empty>
            <Combobox.List className={styles.list}>
              {(entity: Entity) => (
                <Combobox.Item key={printRef(refOf(entity))} value={entity} className={styles.item}>
                  <KindIcon kind={entity.kind} size={15} />
                  <span className={styles.title}>{titleOf(entity)}</span>
                  <span className={styles.kind}>
                    {kindName(entity.kind)} {shortName(refOf(entity))}
                  </span>
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  )
}
