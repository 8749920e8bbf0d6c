import type { ComponentType, ReactNode } from 'react'
import type { CardId, PlacedCard } from '../api/home-layout'
import { HomeLinks } from './home-links'
import { HomeOwned } from './home-owned'
import { HomeStarred } from './home-starred'
import { HomeFrequent, HomeRecent } from './home-visits'

/** What every card of the home page is told. */
export interface HomeCardProps {
  placed: PlacedCard
  /** What arranges the card, while somebody does that. */
  tools?: ReactNode
  isDragged?: boolean
}

/** The cards of the home page. */
export const HOME_CARDS: Record<CardId, ComponentType<HomeCardProps>> = {
  starred: HomeStarred,
  owned: HomeOwned,
  recent: HomeRecent,
  frequent: HomeFrequent,
  links: HomeLinks,
}

/** What the cards are called. */
export const CARD_TITLES: Record<CardId, string> = {
  starred: 'Starred',
  owned: 'What I own',
  recent: 'Recently visited',
  frequent: 'Most visited',
  links: 'Quick links',
}
