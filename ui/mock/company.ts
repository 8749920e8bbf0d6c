import type { Entity } from '../src/api/entity'

/**
 * A ticketing company for railways, as short rows. `build.ts` turns them into entities.
 *
 * Its size and its flaws (an orphan, a broken file, a missing dependency) are what the pages need
 * to be looked at with.
 */

/** name, title, parent, type, members (name/Display Name). */
export const GROUPS: [string, string, string, string, string[]][] = [
  ['lumen', 'Lumen Rail', '', 'organization', ['ines-moreau/Inès Moreau']],
  ['commerce', 'Commerce', 'lumen', 'department', ['tomasz-krol/Tomasz Król']],
  ['operations', 'Operations', 'lumen', 'department', ['aiko-tanaka/Aiko Tanaka']],
  ['platform', 'Platform', 'lumen', 'department', ['samuel-okafor/Samuel Okafor']],
  [
    'ticketing',
    'Ticketing',
    'commerce',
    'team',
    ['lea-fischer/Lea Fischer', 'omar-haddad/Omar Haddad', 'julia-santos/Júlia Santos'],
  ],
  [
    'payments',
    'Payments',
    'commerce',
    'team',
    ['priya-nair/Priya Nair', 'daniel-berg/Daniel Berg', 'mei-lin/Mei Lin'],
  ],
  [
    'traveller-apps',
    'Traveller Apps',
    'commerce',
    'team',
    ['noah-weber/Noah Weber', 'amelie-roux/Amélie Roux'],
  ],
  [
    'timetable',
    'Timetable',
    'operations',
    'team',
    ['ravi-shah/Ravi Shah', 'clara-holm/Clara Holm'],
  ],
  [
    'disruptions',
    'Disruptions',
    'operations',
    'team',
    ['peter-novak/Peter Novák', 'zoe-martin/Zoe Martin'],
  ],
  [
    'data-platform',
    'Data Platform',
    'platform',
    'team',
    ['hana-kim/Hana Kim', 'luca-rossi/Luca Rossi'],
  ],
  [
    'infrastructure',
    'Infrastructure',
    'platform',
    'team',
    ['erik-lund/Erik Lund', 'sofia-alvarez/Sofía Álvarez'],
  ],
  ['developer-experience', 'Developer Experience', 'platform', 'team', ['grace-mbeki/Grace Mbeki']],
]

/** name, title, description, owner. */
export const DOMAINS: [string, string, string, string][] = [
  ['sales', 'Sales', 'Everything between looking for a train and holding a ticket.', 'commerce'],
  [
    'running',
    'Running the railway',
    'Timetables, rolling stock and what happens when plans change.',
    'operations',
  ],
  ['foundations', 'Foundations', 'What every team builds on.', 'platform'],
]

/** name, title, description, domain, owner. */
export const SYSTEMS: [string, string, string, string, string][] = [
  ['booking', 'Booking', 'Offers, reservations and tickets.', 'sales', 'ticketing'],
  ['checkout', 'Checkout', 'Takes money and gives it back.', 'sales', 'payments'],
  [
    'traveller',
    'Traveller channels',
    'The apps, the site and the machines on the platform.',
    'sales',
    'traveller-apps',
  ],
  ['timetabling', 'Timetabling', 'The plan for every train on every day.', 'running', 'timetable'],
  ['live-operations', 'Live operations', 'Where the trains really are.', 'running', 'disruptions'],
  ['analytics', 'Analytics', 'From events to answers.', 'foundations', 'data-platform'],
  [
    'runtime',
    'Runtime',
    'Clusters, networks and the paved road onto them.',
    'foundations',
    'infrastructure',
  ],
]

/** Titles where the name alone does not read well. */
export const TITLES: Record<string, string> = {
  'offer-engine': 'Offer engine',
  'reservation-service': 'Reservations',
  'ticket-issuer': 'Ticket issuer',
  'payment-gateway': 'Payment gateway',
  'lumen-web': 'lumenrail.example',
  'lumen-ios': 'Lumen for iOS',
  'lumen-android': 'Lumen for Android',
  'offers-api': 'Offers',
  'payments-api': 'Payments',
  'traveller-graph': 'Traveller graph',
  'departure-board': 'Departure boards',
  'gtfs-exporter': 'GTFS exporter',
}

/** What the server found wrong, by name. */
export const PROBLEMS: Record<string, NonNullable<Entity['status']>> = {
  loyalty: {
    items: [
      {
        type: 'backstage.io/catalog-processing',
        level: 'error',
        message:
          'catalog/traveller/loyalty.yaml:14:11: `spec.lifecycle` must be text, but is a list',
        error: { name: 'InputError', message: '`spec.lifecycle` must be text, but is a list' },
      },
    ],
  },
}
