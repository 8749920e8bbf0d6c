import { ArrowLeft, ArrowRight, GripVertical, X } from 'lucide-react'
import { type KeyboardEvent, type PointerEvent, useEffect, useId, useRef } from 'react'
import { type CardId, type CardSize, type PlacedCard, SIZES } from '../api/home-layout'
import { IconButton } from '../ui/icon-button'
import styles from './home-card-tools.module.css'
import { CARD_TITLES } from './home-cards'

const SIZE_NAMES: Record<CardSize, string> = { S: 'a third', M: 'half', L: 'the whole width' }

/** Where a key moves a card to. */
const TARGETS: Record<string, (place: number, last: number) => number> = {
  ArrowLeft: (place) => place - 1,
  ArrowUp: (place) => place - 1,
  ArrowRight: (place) => place + 1,
  ArrowDown: (place) => place + 1,
  Home: () => 0,
  End: (_place, last) => last,
}

/** What arranges a card: by pointer at the handle, by arrow keys there, or by the buttons. */
export function HomeCardTools({
  placed: { card, size },
  place,
  count,
  onDrag,
  onMove,
  onResize,
  onRemove,
}: {
  placed: PlacedCard
  place: number
  count: number
  onDrag: (event: PointerEvent<HTMLElement>) => void
  onMove: (card: CardId, place: number) => void
  onResize: (card: CardId, size: CardSize) => void
  onRemove: (card: CardId) => void
}) {
  const name = useId()
  const title = CARD_TITLES[card]
  const used = useRef<HTMLElement>(null)
  // An element that changes its place in the document loses the focus; whoever moved the card by key goes on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is what takes the focus away
  useEffect(() => {
    used.current?.focus()
    used.current = null
  }, [place])

  const move = (to: number, control: HTMLElement) => {
    const next = Math.max(0, Math.min(count - 1, to))
    if (next === place) return
    used.current = control
    onMove(card, next)
  }
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const target = TARGETS[event.key]
    if (!target) return
    event.preventDefault()
    move(target(place, count - 1), event.currentTarget)
  }

  return (
    <fieldset className={styles.tools} aria-label={`Arrange ${title}`}>
      <IconButton
        label={`Move ${title}, ${place + 1} of ${count}`}
        title="Drag, or use the arrow keys"
        className={styles.handle}
        onPointerDown={onDrag}
        onKeyDown={keys}
      >
        <GripVertical size={16} aria-hidden="true" />
      </IconButton>
      <IconButton
        label={`Move ${title} forward`}
        aria-disabled={place === 0}
        onClick={(event) => move(place - 1, event.currentTarget)}
      >
        <ArrowLeft size={15} aria-hidden="true" />
      </IconButton>
      <IconButton
        label={`Move ${title} back`}
        aria-disabled={place === count - 1}
        onClick={(event) => move(place + 1, event.currentTarget)}
      >
        <ArrowRight size={15} aria-hidden="true" />
      </IconButton>
      <fieldset className={styles.sizes}>
        <legend className="visually-hidden">Width of {title}</legend>
        {SIZES.map((one) => (
          <label key={one} title={SIZE_NAMES[one]}>
            <input
              type="radio"
              name={name}
              checked={one === size}
              aria-label={`${one}: ${SIZE_NAMES[one]}`}
              onChange={() => onResize(card, one)}
            />
            {one}
          </label>
        ))}
      </fieldset>
      <IconButton
        label={`Remove ${title}`}
        className={styles.remove}
        onClick={() => onRemove(card)}
      >
        <X size={16} aria-hidden="true" />
      </IconButton>
    </fieldset>
  )
}
