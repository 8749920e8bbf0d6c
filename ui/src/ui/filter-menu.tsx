import { Combobox } from '@base-ui/react/combobox'
import { Check, ChevronDown, Search } from 'lucide-react'
import styles from './filter-menu.module.css'

/** One choice of a filter, and how many things it stands for. */
export interface FilterOption {
  value: string
  label: string
  count: number
}

/** Shorter lists are quicker to read than to search. */
const SEARCHABLE_FROM = 8
/** The most choices drawn at once; the search finds the others. */
const MOST_DRAWN = 200

/** A button that opens a list to choose any number of values from. */
export function FilterMenu({
  label,
  options,
  chosen,
  onChange,
  onOpen,
}: {
  label: string
  options: readonly FilterOption[]
  chosen: readonly string[]
  onChange: (values: string[]) => void
  /** Called when the list opens, for whoever fetches its labels only then. */
  onOpen?: () => void
}) {
  const byValue = new Map(options.map((option) => [option.value, option]))
  // A choice that matches nothing any more must stay visible, or it could not be taken back.
  const gone = chosen.filter((value) => !byValue.has(value))
  const items = [...gone, ...options.map((option) => option.value)]
  const labelOf = (value: string) => byValue.get(value)?.label ?? value
  const summary = chosen.length === 1 ? labelOf(chosen[0] ?? '') : String(chosen.length)

  return (
    <Combobox.Root
      multiple
      items={items}
      value={[...chosen]}
      onValueChange={onChange}
      itemToStringLabel={labelOf}
      limit={MOST_DRAWN}
      onOpenChange={(open) => {
        if (open) onOpen?.()
      }}
    >
      <Combobox.Trigger
        className={styles.trigger}
        data-active={chosen.length > 0 || undefined}
        // Its role is a combobox, which does not take its name from what is written on it.
        aria-label={`${label}: ${chosen.length === 0 ? 'any' : chosen.map(labelOf).join(', ')}`}
      >
        {label}
        {chosen.length > 0 && <span className={styles.summary}>{summary}</span>}
        <ChevronDown size={14} aria-hidden="true" />
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner align="start" sideOffset={6} className={styles.positioner}>
          <Combobox.Popup className={styles.popup} aria-label={label}>
            <div className={items.length < SEARCHABLE_FROM ? 'visually-hidden' : styles.search}>
              <Search size={14} aria-hidden="true" />
              <Combobox.Input placeholder={`Find ${label.toLowerCase()}`} aria-label={label} />
            </div>
            <Combobox.Empty className={styles.empty}>Nothing like that here.</Combobox.Empty>
            <Combobox.List className={styles.list}>
              {(value: string) => (
                <Combobox.Item key={value} value={value} className={styles.item}>
                  <span className={styles.box}>
                    <Combobox.ItemIndicator>
                      <Check size={12} strokeWidth={3} aria-hidden="true" />
                    </Combobox.ItemIndicator>
                  </span>
                  <span className={styles.label}>{labelOf(value)}</span>
                  <span className={styles.count}>{byValue.get(value)?.count ?? 0}</span>
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  )
}
