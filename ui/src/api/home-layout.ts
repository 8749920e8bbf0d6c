import { isRecord, listOf } from './json'
import type { Setting } from './settings'

/** Everything that can be on the home page, in the order in which it is offered. */
export const CARDS = ['starred', 'owned', 'recent', 'frequent', 'links'] as const

/** What a card of the home page shows. */
export type CardId = (typeof CARDS)[number]

/** How wide cards are: a third of the page, half of it, all of it. */
export const SIZES = ['S', 'M', 'L'] as const

/** How wide a card is. */
export type CardSize = (typeof SIZES)[number]

/** A card at its place. */
export interface PlacedCard {
  card: CardId
  size: CardSize
}

/** The cards of a home page in their order. */
export type Layout = readonly PlacedCard[]

/** As it is before anybody arranges anything. */
export const DEFAULT_LAYOUT: Layout = [
  { card: 'starred', size: 'M' },
  { card: 'owned', size: 'M' },
  { card: 'recent', size: 'S' },
  { card: 'frequent', size: 'S' },
  { card: 'links', size: 'S' },
]

/** The same where nobody signs in, so that nobody owns anything. */
export const GUEST_LAYOUT: Layout = (['starred', 'links', 'recent', 'frequent'] as const).map(
  (card) => ({ card, size: 'M' }),
)

/** Written beside the cards, so that a later form can be told from this one. */
const VERSION = 1

/** What is kept: absent until somebody arranges their page, and again after a reset. */
export interface KeptLayout {
  version: typeof VERSION
  cards: Layout
}

function readCard(raw: unknown): PlacedCard[] {
  if (!isRecord(raw)) return []
  const card = CARDS.find((known) => known === raw.card)
  const size = SIZES.find((known) => known === raw.size) ?? 'M'
  return card ? [{ card, size }] : []
}

/** Reads what is kept: unknown cards and repetitions are left out, and so are unknown forms. */
export function readLayout(raw: unknown): Layout {
  if (!isRecord(raw) || raw.version !== VERSION || !Array.isArray(raw.cards)) return DEFAULT_LAYOUT
  const cards = listOf(raw.cards).flatMap(readCard)
  return cards.filter(
    ({ card }, index) => cards.findIndex((other) => other.card === card) === index,
  )
}

/** The form in which a layout is kept. */
export const kept = (cards: Layout): KeptLayout => ({ version: VERSION, cards })

/** Where the layout is kept; null stands for the layout that nobody arranged. */
export const LAYOUT: Setting<KeptLayout | null> = {
  bucket: 'default.home',
  key: 'layout',
  read: (raw) => (raw === null || raw === undefined ? null : kept(readLayout(raw))),
}

/** The layout with a card at another place; places outside of it are the first or the last. */
export function moved(layout: Layout, card: CardId, place: number): Layout {
  const placed = layout.find((one) => one.card === card)
  if (!placed) return layout
  const others = layout.filter((one) => one !== placed)
  const at = Math.max(0, Math.min(others.length, place))
  return [...others.slice(0, at), placed, ...others.slice(at)]
}

/** The layout with a card in another size. */
export const resized = (layout: Layout, card: CardId, size: CardSize): Layout =>
  layout.map((one) => (one.card === card ? { card, size } : one))

/** The layout without a card. */
export const without = (layout: Layout, card: CardId): Layout =>
  layout.filter((one) => one.card !== card)

/** The layout with a card at its end. */
export const withCard = (layout: Layout, card: CardId): Layout => [
  ...without(layout, card),
  { card, size: DEFAULT_LAYOUT.find((one) => one.card === card)?.size ?? 'M' },
]
