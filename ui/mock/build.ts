import type { Entity } from '../src/api/entity'
import { DOMAINS, GROUPS, PROBLEMS, SYSTEMS, TITLES } from './company.ts'
import { definitionOf } from './definitions.ts'
import { APIS, COMPONENTS, RESOURCES } from './software.ts'

type Spec = Record<string, unknown>
type Pair = [from: string, forward: string, backward: string, to: string]

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '')

const ownerOf = new Map(SYSTEMS.map(([name, , , , owner]) => [name, owner]))

const refOf = (kind: string, name: string) => `${kind.toLowerCase()}:default/${name}`

function entity(kind: string, name: string, spec: Spec, more: Partial<Entity['metadata']>): Entity {
  const folder = typeof spec.system === 'string' ? spec.system : 'org'
  const source = `https://git.lumenrail.example/catalog/blob/main/${folder}/${name}.yaml`
  const title = more.title ?? TITLES[name]
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      namespace: 'default',
      annotations: {
        'backstage.io/managed-by-location': `url:${source}`,
        'backstage.io/managed-by-origin-location': `url:${source}`,
        'backstage.io/view-url': source,
        'backstage.io/edit-url': source.replace('/blob/', '/edit/'),
      },
      ...more,
      name,
      ...(title ? { title } : {}),
    },
    spec,
    relations: [],
  }
}

function organisation(pairs: Pair[]): Entity[] {
  const found: Entity[] = []
  for (const [name, title, parent, type, members] of GROUPS) {
    const email = `${name}@lumenrail.example`
    found.push(
      entity(
        'Group',
        name,
        { type, children: [], profile: { displayName: title, email } },
        { title },
      ),
    )
    if (parent) pairs.push([refOf('Group', name), 'childOf', 'parentOf', refOf('Group', parent)])
    for (const member of members) {
      const [login = '', displayName = ''] = member.split('/')
      const profile = { displayName, email: `${login}@lumenrail.example` }
      found.push(entity('User', login, { memberOf: [name], profile }, {}))
      pairs.push([refOf('User', login), 'memberOf', 'hasMember', refOf('Group', name)])
    }
  }
  return found
}

function systems(pairs: Pair[]): Entity[] {
  const domains = DOMAINS.map(([name, title, description, owner]) => {
    pairs.push([refOf('Domain', name), 'ownedBy', 'ownerOf', refOf('Group', owner)])
    return entity('Domain', name, { owner }, { title, description })
  })
  const within = SYSTEMS.map(([name, title, description, domain, owner]) => {
    pairs.push([refOf('System', name), 'ownedBy', 'ownerOf', refOf('Group', owner)])
    pairs.push([refOf('System', name), 'partOf', 'hasPart', refOf('Domain', domain)])
    return entity('System', name, { owner, domain }, { title, description })
  })
  return [...domains, ...within]
}

function components(pairs: Pair[]): Entity[] {
  return COMPONENTS.map(
    ([name, type, system, lifecycle, tags, description, provides, consumes, dependsOn]) => {
      const ref = refOf('Component', name)
      const owner = ownerOf.get(system) ?? 'lumen'
      pairs.push([ref, 'ownedBy', 'ownerOf', refOf('Group', owner)])
      pairs.push([ref, 'partOf', 'hasPart', refOf('System', system)])
      for (const api of words(provides))
        pairs.push([ref, 'providesApi', 'apiProvidedBy', refOf('API', api)])
      for (const api of words(consumes))
        pairs.push([ref, 'consumesApi', 'apiConsumedBy', refOf('API', api)])
      for (const target of words(dependsOn)) {
        pairs.push([ref, 'dependsOn', 'dependencyOf', target.replace(':', ':default/')])
      }
      const links = [
        {
          url: `https://grafana.lumenrail.example/d/${name}`,
          title: 'Dashboard',
          icon: 'dashboard',
        },
        { url: `https://runbooks.lumenrail.example/${name}`, title: 'Runbook', icon: 'docs' },
        { url: `https://chat.lumenrail.example/${owner}`, title: `#${owner}`, icon: 'chat' },
      ]
      const built = entity(
        'Component',
        name,
        { type, lifecycle, owner, system },
        {
          description,
          tags: words(tags),
          links: lifecycle === 'production' ? links : [],
          labels: { 'lumenrail.example/tier': lifecycle === 'production' ? '1' : '3' },
        },
      )
      built.metadata.annotations = {
        ...built.metadata.annotations,
        'backstage.io/source-location': `url:https://git.lumenrail.example/${system}/${name}/`,
        'backstage.io/techdocs-ref': 'dir:.',
        'github.com/project-slug': `lumen-rail/${name}`,
        ...(name === 'legacy-booking' ? { 'backstage.io/orphan': 'true' } : {}),
      }
      return built
    },
  )
}

function interfaces(pairs: Pair[]): Entity[] {
  const apis = APIS.map(([name, type, system, description]) => {
    const owner = ownerOf.get(system) ?? 'lumen'
    pairs.push([refOf('API', name), 'ownedBy', 'ownerOf', refOf('Group', owner)])
    pairs.push([refOf('API', name), 'partOf', 'hasPart', refOf('System', system)])
    const definition = definitionOf(type, name, description)
    return entity(
      'API',
      name,
      { type, lifecycle: 'production', owner, system, definition },
      { description, tags: [type] },
    )
  })
  const resources = RESOURCES.map(([name, type, system, description]) => {
    const owner = ownerOf.get(system) ?? 'lumen'
    pairs.push([refOf('Resource', name), 'ownedBy', 'ownerOf', refOf('Group', owner)])
    pairs.push([refOf('Resource', name), 'partOf', 'hasPart', refOf('System', system)])
    return entity('Resource', name, { type, owner, system }, { description })
  })
  return [...apis, ...resources]
}

/** The whole catalog, with relations in both directions and problems in place. */
export function buildCatalog(): Entity[] {
  const pairs: Pair[] = []
  const all = [
    ...organisation(pairs),
    ...systems(pairs),
    ...components(pairs),
    ...interfaces(pairs),
  ]
  const byRef = new Map(all.map((one) => [refOf(one.kind, one.metadata.name), one]))
  for (const [from, forward, backward, to] of pairs) {
    byRef.get(from)?.relations?.push({ type: forward, targetRef: to })
    byRef.get(to)?.relations?.push({ type: backward, targetRef: from })
  }
  for (const [index, one] of all.entries()) {
    one.metadata.uid = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
    const status = PROBLEMS[one.metadata.name]
    if (status) one.status = status
  }
  return all
}
