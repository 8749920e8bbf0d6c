import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck, PackageOpen } from 'lucide-react'
import { EVERYTHING, MINE } from '../api/catalog-search'
import { flawsOf, kindsOf, MOST_OWNED, type Owned, owned } from '../api/owned'
import { paths } from '../paths'
import { Button } from '../ui/button'
import { Failure } from './failure'
import { HomeCard, HomeCardEmpty, HomeCardFoot } from './home-card'
import type { HomeCardProps } from './home-cards'
import { HomeFlaws } from './home-flaws'
import { HomeRowsBlank } from './home-list'
import styles from './home-owned.module.css'
import { kindName, kindPlural } from './kind-icon'
import { linkSearch } from './use-catalog-search'

const mine = (kind: readonly string[]) =>
  linkSearch({ ...EVERYTHING, filters: { ...EVERYTHING.filters, owner: [MINE], kind } })

/** What the person who looks owns, and how it is doing. */
export function HomeOwned(props: HomeCardProps) {
  const { data, error, refetch } = useQuery(owned)
  const all = data && data.total > 0 && (
    <Link to={paths.catalog()} search={mine([])}>
      All {data.total.toLocaleString('en')}
    </Link>
  )
  return (
    <HomeCard {...props} title="What I own" action={all}>
      {error && !data && (
        <>
          <Failure error={error} />
          <HomeCardFoot>
            <Button onClick={() => void refetch()}>Try again</Button>
          </HomeCardFoot>
        </>
      )}
      {!data && !error && <HomeRowsBlank label="Loading what you own" />}
      {data && (data.total === 0 ? <NothingOwned /> : <Health all={data} />)}
    </HomeCard>
  )
}

function Health({ all }: { all: Owned }) {
  const flaws = flawsOf(all)
  return (
    <>
      <nav className={styles.kinds} aria-label="What I own, by kind">
        {kindsOf(all.entities).map(([kind, count]) => (
          <Link key={kind} to={paths.catalog()} search={mine([kind.toLowerCase()])}>
            <strong>{count.toLocaleString('en')}</strong>
            {count === 1 ? kindName(kind) : kindPlural(kind)}
          </Link>
        ))}
      </nav>
      {flaws.length === 0 ? (
        <p className={styles.well}>
          <CircleCheck size={16} aria-hidden="true" />
          All of it is well: no problems, no orphans, and every component has docs.
        </p>
      ) : (
        <HomeFlaws flaws={flaws} />
      )}
      {all.total > MOST_OWNED && (
        <HomeCardFoot>
          Looked at the first {MOST_OWNED} of {all.total.toLocaleString('en')}.
        </HomeCardFoot>
      )}
    </>
  )
}

function NothingOwned() {
  return (
    <HomeCardEmpty
      icon={<PackageOpen size={22} aria-hidden="true" />}
      title="You own nothing in the catalog"
    >
      <p>
        What names you, or a group that you are a member of, in its <code>spec.owner</code> shows
        here.
      </p>
    </HomeCardEmpty>
  )
}
