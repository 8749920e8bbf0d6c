import { ArrowUpRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { safeUrl } from '../api/safe-url'
import styles from './external-link.module.css'

/** A way out of the portal; an address that no browser should follow stays plain text. */
export function ExternalLink({
  url,
  children,
  className,
}: {
  url: string | undefined
  children: ReactNode
  className?: string | undefined
}) {
  const safe = safeUrl(url)
  if (!safe) return <span className={className}>{children}</span>
  const web = !safe.startsWith('mailto:')
  return (
    <a
      href={safe}
      className={className ?? styles.link}
      {...(web ? { target: '_blank', rel: 'noopener noreferrer' } : {})}
    >
      {children}
      {web && <ArrowUpRight size={13} aria-hidden="true" className={styles.arrow} />}
      {web && <span className="visually-hidden"> (opens in a new tab)</span>}
    </a>
  )
}
