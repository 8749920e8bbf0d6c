import {
  Box,
  Boxes,
  CircleUserRound,
  Database,
  FilePlus2,
  FolderTree,
  Layers,
  type LucideIcon,
  Plug,
  Shapes,
  Sparkles,
  UsersRound,
} from 'lucide-react'
import styles from './kind-icon.module.css'

const ICONS: Record<string, LucideIcon> = {
  component: Box,
  api: Plug,
  resource: Database,
  system: Boxes,
  domain: Layers,
  group: UsersRound,
  user: CircleUserRound,
  location: FolderTree,
  template: FilePlus2,
  airesource: Sparkles,
}

const PLURALS: Record<string, string> = {
  component: 'Components',
  api: 'APIs',
  resource: 'Resources',
  system: 'Systems',
  domain: 'Domains',
  group: 'Groups',
  user: 'Users',
  location: 'Locations',
  template: 'Templates',
  airesource: 'AI resources',
}

const SINGULARS: Record<string, string> = { api: 'API', airesource: 'AI resource' }

/** Several entities of a kind, as a heading; kinds of plugins keep their own name. */
export const kindPlural = (kind: string): string => PLURALS[kind.toLowerCase()] ?? kind

/** One entity of a kind, as a word. */
export const kindName = (kind: string): string =>
  SINGULARS[kind.toLowerCase()] ?? kind.replace(/^./, (letter) => letter.toUpperCase())

/** The sign of a kind; its name is beside it in text, so screen readers skip it. */
export function KindIcon({ kind, size = 16 }: { kind: string; size?: number }) {
  const Icon = ICONS[kind.toLowerCase()] ?? Shapes
  return <Icon size={size} strokeWidth={1.75} aria-hidden="true" />
}

/** The sign of a kind on a tile. */
export function KindTile({ kind, large = false }: { kind: string; large?: boolean }) {
  return (
    <span className={`${styles.tile} ${large ? styles.large : ''}`} data-kind={kind.toLowerCase()}>
      <KindIcon kind={kind} size={large ? 22 : 16} />
    </span>
  )
}
