import { type PointerEvent, useState } from 'react'
import { CARDS, type CardId, type Layout, moved } from '../api/home-layout'

/** The card under a point of the screen. */
function cardAt(x: number, y: number): CardId | undefined {
  const card = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-home-card]')
  return CARDS.find((one) => one === card?.dataset.homeCard)
}

/**
 * Moves cards by pointer. What it looks like on the way is only drawn; where the card is let go is
 * where it stays.
 */
export function useCardDrag(layout: Layout | undefined, arrange: (next: Layout) => void) {
  const [drag, setDrag] = useState<{ card: CardId; layout: Layout }>()

  const start = (card: CardId) => (event: PointerEvent<HTMLElement>) => {
    if (!layout || event.button !== 0) return
    const over = new AbortController()
    let current = layout
    // After a swap of unequal cards the pointer may still be over the other one: that is no new move.
    let passed: CardId | undefined
    setDrag({ card, layout })

    const move = ({ clientX, clientY }: globalThis.PointerEvent) => {
      const target = cardAt(clientX, clientY)
      if (target === passed) return
      passed = target
      if (!target || target === card) return
      const place = current.findIndex((one) => one.card === target)
      current = moved(current, card, place)
      setDrag({ card, layout: current })
    }
    const end = (isDropped: boolean) => () => {
      over.abort()
      setDrag(undefined)
      if (isDropped && current !== layout) arrange(current)
    }
    const { signal } = over
    window.addEventListener('pointermove', move, { signal })
    window.addEventListener('pointerup', end(true), { signal })
    window.addEventListener('pointercancel', end(false), { signal })
  }

  return { dragged: drag?.card, drawn: drag?.layout ?? layout, start }
}
