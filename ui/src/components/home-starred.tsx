import { Link } from '@tanstack/react-router'
import { Star } from 'lucide-react'
import { EVERYTHING } from '../api/catalog-search'
import { titleOf } from '../api/entity'
import { parseRef, shortName } from '../api/ref'
import { useStars } from '../api/stars'
import { paths } from '../paths'
import { buttonClass } from '../ui/button'
import { HomeCard, HomeCardEmpty, HomeCardFoot } from './home-card'
import type { HomeCardProps } from './home-cards'
import { HomeList, HomeRow, HomeRowsBlank, ROWS } from './home-list'
import { StarButton } from './star-button'
import { linkSearch } from './use-catalog-search'
import { useHomeEntities } from './use-home-entities'

/** What somebody starred, the latest first. */
export function HomeStarred(props: HomeCardProps) {
  const { stars, known } = useHomeEntities()
  const { unstar } = useStars()
  const gone = stars?.filter((ref) => known?.get(ref) === null) ?? []
  const there = stars?.filter((ref) => !gone.includes(ref)) ?? []
  const { size } = props.placed
  const starred = linkSearch({ ...EVERYTHING, starred: true })
  const all = there.length > ROWS[size] && (
    <Link to={paths.catalog()} search={starred}>
      All starred
    </Link>
  )
  return (
    <HomeCard {...props} title="Starred" action={all}>
      {!stars && <HomeRowsBlank label="Loading what you starred" />}
      {stars && there.length === 0 && <NoStars />}
      {there.length > 0 && (
        <HomeList label="Starred entities" size={size}>
          {there.slice(0, ROWS[size]).map((ref) => (
            <Starred key={ref} entityRef={ref} known={known} />
          ))}
        </HomeList>
      )}
      {gone.length > 0 && (
        <HomeCardFoot>
          {gone.length === 1 ? '1 star is' : `${gone.length} stars are`} on what is not in the
          catalog, or hidden from you.
          <button type="button" onClick={() => unstar(...gone)}>
            {gone.length === 1 ? 'Remove it' : 'Remove them'}
          </button>
        </HomeCardFoot>
      )}
    </HomeCard>
  )
}

function Starred({
  entityRef,
  known,
}: {
  entityRef: string
  known: ReturnType<typeof useHomeEntities>['known']
}) {
  const ref = parseRef(entityRef)
  if (!ref) return null
  const entity = known?.get(entityRef)
  const title = entity ? titleOf(entity) : shortName(ref)
  return (
    <HomeRow path={paths.entity(ref)} title={title} entityRef={ref}>
      <StarButton entityRef={ref} title={title} small />
    </HomeRow>
  )
}

function NoStars() {
  return (
    <HomeCardEmpty icon={<Star size={22} aria-hidden="true" />} title="Nothing is starred yet">
      <p>The star beside a name in the catalog keeps an entity here.</p>
      <Link to={paths.catalog()} search={{}} className={buttonClass()}>
        Open the catalog
      </Link>
    </HomeCardEmpty>
  )
}
