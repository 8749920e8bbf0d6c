import { Monitor, Moon, Sun } from 'lucide-react'
import { IconButton } from '../ui/icon-button'
import { chooseTheme, type Theme, useTheme } from '../ui/theme'

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }
const NAMES: Record<Theme, string> = { system: 'like the system', light: 'light', dark: 'dark' }
const ICONS = { system: Monitor, light: Sun, dark: Moon }

/** Goes round the themes: like the system, light, dark. */
export function ThemeToggle() {
  const theme = useTheme()
  const Icon = ICONS[theme]
  const label = `Theme: ${NAMES[theme]}. Change to ${NAMES[NEXT[theme]]}`
  return (
    <IconButton label={label} onClick={() => chooseTheme(NEXT[theme])}>
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
    </IconButton>
  )
}
