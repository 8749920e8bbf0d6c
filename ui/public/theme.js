// Runs before the first paint, so that a chosen theme never flashes the other one. The same key and
// attribute are used by src/ui/theme.ts.
try {
  const theme = localStorage.getItem('callboard.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be blocked; the system's preference applies then.
}
