import { LayoutDashboard, Plus } from 'lucide-react'
import { useState } from 'react'
import { type Layout, moved, resized, withCard, without } from '../api/home-layout'
import { Button } from '../ui/button'
import { Empty } from '../ui/empty'
import { ErrorView } from './error-view'
import { HomeCardTools } from './home-card-tools'
import { CARD_TITLES, HOME_CARDS } from './home-cards'
import styles from './home-grid.module.css'
import { useCardDrag } from './use-card-drag'
import { useHomeLayout } from './use-home-layout'

/** The cards of the home page, as whoever looks arranged them. */
export function HomeGrid({
  isArranging,
  onGone,
}: {
  isArranging: boolean
  /** Called when what had the focus went away: with a card, or with the offer of one. */
  onGone: () => void
}) {
  const { layout, left, error, refetch, arrange } = useHomeLayout()
  const { dragged, drawn, start } = useCardDrag(layout, arrange)
  const [said, setSaid] = useState('')

  if (error && !drawn) {
    return (
      <ErrorView title="Your home page did not load" error={error} onRetry={() => void refetch()} />
    )
  }
  // Nothing is drawn until it is known what: cards that change their places are worse than a moment without.
  if (!drawn) return <div className={styles.grid} aria-busy="true" />

  const change = (next: Layout, words: string) => {
    arrange(next)
    setSaid(words)
  }
  return (
    <>
      {isArranging && (
        <p className={styles.hint}>
          Drag cards by their handles, or move them with the arrow keys.
        </p>
      )}
      <p className="visually-hidden" aria-live="polite">
        {said}
      </p>
      <div className={styles.grid}>
        {drawn.map((placed, place) => {
          const Card = HOME_CARDS[placed.card]
          const tools = isArranging && (
            <HomeCardTools
              placed={placed}
              place={place}
              count={drawn.length}
              onDrag={start(placed.card)}
              onMove={(card, to) =>
                change(
                  moved(drawn, card, to),
                  `${CARD_TITLES[card]} is at place ${to + 1} of ${drawn.length}`,
                )
              }
              onResize={(card, size) => arrange(resized(drawn, card, size))}
              onRemove={(card) => {
                change(without(drawn, card), `${CARD_TITLES[card]} is removed`)
                onGone()
              }}
            />
          )
          return (
            <Card
              key={placed.card}
              placed={placed}
              tools={tools}
              isDragged={dragged === placed.card}
            />
          )
        })}
        {drawn.length === 0 && !isArranging && <NothingPlaced />}
        {isArranging && left.length > 0 && (
          <section className={styles.left} aria-label="Cards to add">
            <h2>Add a card</h2>
            {left.map((card) => (
              <Button
                key={card}
                onClick={() => {
                  change(withCard(drawn, card), `${CARD_TITLES[card]} is added`)
                  onGone()
                }}
              >
                <Plus size={14} aria-hidden="true" />
                {CARD_TITLES[card]}
              </Button>
            ))}
          </section>
        )}
      </div>
    </>
  )
}

function NothingPlaced() {
  return (
    <div className={styles.nothing}>
      <Empty
        title="Your home page is empty"
        icon={<LayoutDashboard size={22} aria-hidden="true" />}
      >
        <p>You removed all cards. “Arrange” brings them back, one by one or as they were.</p>
      </Empty>
    </div>
  )
}
