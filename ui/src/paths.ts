import type { EntityRef } from './api/ref'

const segment = encodeURIComponent

/** Every address of the portal, below its base path. Entity pages keep Backstage's addresses. */
export const paths = {
  home: () => '/',
  signIn: () => '/sign-in',
  welcome: () => '/welcome',
  settings: () => '/settings',
  audit: () => '/admin/audit',
  signIns: () => '/admin/sign-ins',
  accounts: () => '/admin/accounts',
  roles: () => '/admin/roles',
  newRole: () => '/admin/roles/new',
  why: () => '/admin/roles/why',
  role: ({ kind, namespace, name }: EntityRef) =>
    `/admin/roles/${segment(kind)}/${segment(namespace)}/${segment(name)}`,
  editRole: (ref: EntityRef) => `${paths.role(ref)}/edit`,
  catalog: () => '/catalog',
  graph: () => '/catalog-graph',
  entity: ({ kind, namespace, name }: EntityRef) =>
    `/catalog/${segment(namespace.toLowerCase())}/${segment(kind.toLowerCase())}/${segment(name)}`,
  entityTab: (ref: EntityRef, tab: string) => `${paths.entity(ref)}/${segment(tab)}`,
}
