import {
  CARDS,
  type CardId,
  DEFAULT_LAYOUT,
  GUEST_LAYOUT,
  kept,
  LAYOUT,
  type Layout,
} from '../api/home-layout'
import { useSetting } from '../api/settings'
import { config } from '../config'

/** Where nobody signs in, nobody owns anything. */
const isOffered = (card: CardId): boolean => card !== 'owned' || config.signInRequired

const usual = (): Layout => (config.signInRequired ? DEFAULT_LAYOUT : GUEST_LAYOUT)

/** How the home page of whoever looks is arranged, and how to change that. */
export function useHomeLayout() {
  const { value, change, error, refetch } = useSetting(LAYOUT)
  const cards = value === null ? usual() : value?.cards
  const layout = cards?.filter(({ card }) => isOffered(card))
  const refusal = 'The arrangement was not kept'
  return {
    /** Undefined until it is known. */
    layout,
    /** What could be added. */
    left: CARDS.filter((card) => isOffered(card) && !layout?.some((one) => one.card === card)),
    error,
    refetch,
    arrange: (next: Layout) => change(() => kept(next), { refusal }),
    reset: () => change(() => null, { refusal }),
  }
}
