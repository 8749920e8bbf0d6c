import { Bookmark, X } from 'lucide-react'
import { useState } from 'react'
import { LINKS, MOST_LINKS, type QuickLink } from '../api/quick-links'
import { useSetting } from '../api/settings'
import { Button } from '../ui/button'
import { ExternalLink } from '../ui/external-link'
import { IconButton } from '../ui/icon-button'
import { HomeCard, HomeCardEmpty } from './home-card'
import type { HomeCardProps } from './home-cards'
import { HomeLinkForm } from './home-link-form'
import styles from './home-links.module.css'
import { HomeRowsBlank } from './home-list'

/** Addresses that somebody opens often. */
export function HomeLinks(props: HomeCardProps) {
  const { value: links, change } = useSetting(LINKS)
  const [isAdding, setAdding] = useState(false)
  const add = (link: QuickLink) => {
    setAdding(false)
    change((before) => [...before.filter(({ url }) => url !== link.url), link], {
      refusal: 'The link was not kept',
    })
  }
  const remove = (gone: QuickLink) =>
    change((before) => before.filter(({ url }) => url !== gone.url), {
      refusal: 'The link is still there',
    })
  const hasRoom = links !== undefined && links.length > 0 && links.length < MOST_LINKS
  return (
    <HomeCard
      {...props}
      title="Quick links"
      action={
        hasRoom &&
        !isAdding && (
          <button type="button" className={styles.add} onClick={() => setAdding(true)}>
            Add a link
          </button>
        )
      }
    >
      {!links && <HomeRowsBlank label="Loading your links" />}
      {isAdding && <HomeLinkForm onAdd={add} onCancel={() => setAdding(false)} />}
      {links?.length === 0 && !isAdding && <NoLinks onAdd={() => setAdding(true)} />}
      {links && links.length > 0 && (
        <ul className={styles.links} aria-label="Quick links">
          {links.map((link) => (
            <li key={link.url}>
              <ExternalLink url={link.url} className={styles.link}>
                {link.title}
              </ExternalLink>
              <IconButton label={`Remove the link ${link.title}`} onClick={() => remove(link)}>
                <X size={14} aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </HomeCard>
  )
}

function NoLinks({ onAdd }: { onAdd: () => void }) {
  return (
    <HomeCardEmpty icon={<Bookmark size={22} aria-hidden="true" />} title="No links yet">
      <p>Keep what you open every day: a dashboard, the pager, the lunch menu.</p>
      <Button onClick={onAdd}>Add a link</Button>
    </HomeCardEmpty>
  )
}
