import { Link } from '@tanstack/react-router'
import { History } from 'lucide-react'
import { titleOf } from '../api/entity'
import { printRef } from '../api/ref'
import { relativeTime } from '../api/relative-time'
import { type Destination, mostVisited } from '../api/visits'
import { paths } from '../paths'
import { HomeCard, HomeCardEmpty } from './home-card'
import type { HomeCardProps } from './home-cards'
import { HomeList, HomeRow, HomeRowsBlank, ROWS } from './home-list'
import { stillThere, useHomeEntities } from './use-home-entities'
import { useVisits } from './use-visits'

/** Where somebody was lately. */
export function HomeRecent(props: HomeCardProps) {
  return (
    <Visited
      {...props}
      title="Recently visited"
      order={(all) => all}
      note={({ timestamp }) => relativeTime(new Date(timestamp), new Date())}
    />
  )
}

/** Where somebody is most often. */
export function HomeFrequent(props: HomeCardProps) {
  return (
    <Visited {...props} title="Most visited" order={mostVisited} note={({ hits }) => often(hits)} />
  )
}

const often = (hits: number): string =>
  ['never', 'once', 'twice'][hits] ?? `${hits.toLocaleString('en')} times`

function Visited({
  title,
  order,
  note,
  ...props
}: HomeCardProps & {
  title: string
  order: (all: readonly Destination[]) => readonly Destination[]
  note: (destination: Destination) => string
}) {
  const { destinations, known } = useHomeEntities()
  const { size } = props.placed
  const shown = order(stillThere(destinations ?? [], known)).slice(0, ROWS[size])
  return (
    <HomeCard {...props} title={title}>
      {!destinations && <HomeRowsBlank label="Loading your visits" />}
      {destinations && shown.length === 0 && <NoVisits />}
      {shown.length > 0 && (
        <HomeList label={title} size={size}>
          {shown.map((destination) => {
            const { path, name, entityRef } = destination
            const entity = entityRef && known?.get(printRef(entityRef))
            return (
              <HomeRow
                key={path}
                path={path}
                title={entity ? titleOf(entity) : name}
                entityRef={entityRef}
                note={note(destination)}
              />
            )
          })}
        </HomeList>
      )}
    </HomeCard>
  )
}

function NoVisits() {
  const { remembers } = useVisits()
  return (
    <HomeCardEmpty
      icon={<History size={22} aria-hidden="true" />}
      title={remembers ? 'No visits yet' : 'Visits are not remembered'}
    >
      {remembers ? (
        <p>The pages you look at show here, so that you find them again.</p>
      ) : (
        <p>
          You switched that off in the{' '}
          <Link to={paths.settings()} search={{}}>
            settings
          </Link>
          .
        </p>
      )}
    </HomeCardEmpty>
  )
}
