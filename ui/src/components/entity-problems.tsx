import { annotation, type Entity, isOrphan, type StatusItem } from '../api/entity'
import { Banner } from '../ui/banner'
import { ExternalLink } from '../ui/external-link'
import { Prose } from '../ui/prose'

/** `field: file:line:column: what is wrong`, as the server writes it; the field may be absent. */
const PLACED = /^(?:(\S+): )?(\S+:\d+:\d+): ([\s\S]+)$/

const TITLES: Record<StatusItem['level'], string> = {
  error: 'This entity could not be updated',
  warning: 'This entity has a problem',
  info: 'About this entity',
}

const LEVELS: StatusItem['level'][] = ['error', 'warning', 'info']

/** What the server found wrong with an entity, worst first, and where to repair it. */
export function EntityProblems({ entity }: { entity: Entity }) {
  const items = entity.status?.items ?? []
  return (
    <>
      {LEVELS.map((level) => {
        const ofLevel = items.filter((item) => item.level === level)
        return ofLevel.length === 0 ? null : (
          <Banner
            key={level}
            tone={level === 'error' ? 'danger' : level}
            title={ofLevel.length === 1 ? TITLES[level] : `${TITLES[level]} (${ofLevel.length})`}
          >
            <ul>
              {ofLevel.map((item) => (
                <Problem key={`${item.type} ${item.message}`} item={item} />
              ))}
            </ul>
            {level === 'error' && <Repair entity={entity} />}
          </Banner>
        )
      })}
      {isOrphan(entity) && <Orphan entity={entity} />}
    </>
  )
}

function Problem({ item }: { item: StatusItem }) {
  const [, field, place, wrong] = PLACED.exec(item.message) ?? []
  // Most messages name their field themselves.
  const message = wrong && field && !wrong.includes(field) ? `\`${field}\`: ${wrong}` : wrong
  return (
    <li>
      <strong>
        <Prose text={message ?? item.message} />
      </strong>
      {place && (
        <>
          <br />
          <code>{place}</code>
        </>
      )}
    </li>
  )
}

function Repair({ entity }: { entity: Entity }) {
  const edit = annotation(entity, 'backstage.io/edit-url')
  return (
    <p>
      What you see below is the last good version. {edit ? 'Repair the file' : 'Repair its file'}{' '}
      {edit && <ExternalLink url={edit}>in its repository</ExternalLink>} and this page follows by
      itself.
    </p>
  )
}

function Orphan({ entity }: { entity: Entity }) {
  const origin = annotation(entity, 'backstage.io/managed-by-origin-location')
  return (
    <Banner tone="warning" title="No source delivers this entity any more">
      <p>
        It is an orphan: {origin ? <code>{origin}</code> : 'the place it came from'} no longer lists
        it. Add it there again, or remove it from the catalog.
      </p>
    </Banner>
  )
}
