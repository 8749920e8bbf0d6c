import { useLocation } from '@tanstack/react-router'
import { Banner } from '../ui/banner'

/** What was done, for whoever comes from an editor. */
export function RoleSaved() {
  const saved = useLocation({ select: ({ state }) => state.saved })
  if (!saved) return null
  return (
    <div role="status">
      <Banner
        tone="info"
        title={saved.length === 0 ? 'Nothing had changed' : 'Saved, and it counts'}
      >
        {saved.length > 0 && (
          <ul>
            {saved.map((says) => (
              <li key={says}>{says}</li>
            ))}
          </ul>
        )}
      </Banner>
    </div>
  )
}
