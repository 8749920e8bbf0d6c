/**
 * The portal as a user runs it: the binary, a configuration, a folder.
 *
 * Every portal has a folder of its own and a free port, and ends with the test that started it.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The binary under test. */
export const binary = process.env.CALLBOARD_BINARY ?? join(root, 'target/debug/callboard')

/** How long anything may take before the test says that it never came. */
const PATIENCE_MS = 30_000

const KINDS = ['Component', 'API', 'Resource', 'System', 'Domain', 'Group', 'User', 'Location']

const endings = new WeakMap()

/** Does something when the test is over: what came last first, and all of it, even if one fails. */
export function atEnd(test, action) {
  const actions = endings.get(test) ?? []
  actions.push(action)
  if (actions.length > 1) return
  endings.set(test, actions)
  test.after(async () => {
    const failures = []
    for (const next of actions.reverse()) {
      await next().catch((error) => failures.push(error))
    }
    if (failures.length > 0) throw new AggregateError(failures, 'cleaning up after the test')
  })
}

/** A temporary folder that goes away with the test. */
export async function temporaryFolder(test) {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-e2e-'))
  atEnd(test, () => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A copy of the small catalog that the test may change. */
export async function smallCatalog(test) {
  const folder = join(await temporaryFolder(test), 'catalog')
  await cp(new URL('../catalog', import.meta.url), folder, { recursive: true })
  return folder
}

/** A port that nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** Asks again and again until `condition` answers something, which is then the answer. */
export async function until(what, condition, patience = PATIENCE_MS) {
  const end = performance.now() + patience
  for (;;) {
    const found = await condition()
    if (found) return found
    if (performance.now() > end) throw new Error(`waited ${patience} ms in vain for ${what}`)
    await pause(5)
  }
}

/**
 * A portal over the YAML files below `catalog`, with its data in `folder`; `settings` are sections of its configuration
 * by their paths, such as `catalog.processingInterval`.
 */
export class Portal {
  constructor({ folder, catalog, port, database, settings, host = '127.0.0.1', wrap = [] }) {
    this.folder = folder
    this.catalog = catalog
    this.port = port
    this.database = database ?? join(folder, 'data')
    this.settings = settings
    this.wrap = wrap
    this.url = `http://${host}:${port}`
    this.output = ''
  }

  /** Starts a portal that ends with the test. */
  static async start(test, options) {
    const folder = options.folder ?? (await temporaryFolder(test))
    const portal = new Portal({
      ...options,
      folder,
      port: options.port ?? (await freePort()),
    })
    atEnd(test, () => portal.stop())
    await portal.launch()
    return portal
  }

  /** Runs the binary; does not wait for it to answer. */
  async launch() {
    const config = join(this.folder, 'app-config.yaml')
    await writeFile(config, JSON.stringify(this.config(), null, 2))
    const [program, ...before] = [...this.wrap, binary]
    this.process = spawn(program, [...before, '--config', config], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.ended = once(this.process, 'exit').then(([code, signal]) => ({
      code,
      signal,
    }))
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.output += text
      })
    }
  }

  config() {
    const config = {
      app: { title: 'Harbour', baseUrl: this.url },
      backend: {
        baseUrl: this.url,
        listen: { host: '127.0.0.1', port: this.port },
        database: this.database.startsWith('postgres:')
          ? { client: 'pg', connection: this.database }
          : { client: 'better-sqlite3', connection: { directory: this.database } },
      },
      catalog: {
        rules: [{ allow: KINDS }],
        locations: this.catalog ? [{ type: 'file', target: join(this.catalog, '**/*.yaml') }] : [],
      },
    }
    for (const [path, value] of Object.entries(this.settings ?? {})) {
      const [section, key] = path.split('.')
      config[section] = { ...config[section], [key]: value }
    }
    return config
  }

  get running() {
    return this.process && this.process.exitCode === null && this.process.signalCode === null
  }

  /** Reads JSON; `undefined` while nobody answers. */
  async read(path) {
    try {
      const answer = await fetch(this.url + path)
      return answer.ok ? await answer.json() : undefined
    } catch {
      return undefined
    }
  }

  /** Waits until the readiness check passes; tells what the portal said if it ended instead. */
  async ready() {
    await until('the portal to be ready', async () => {
      if (!this.running) throw new Error(`the portal ended:\n${this.output}`)
      const answer = await fetch(`${this.url}/.backstage/health/v1/readiness`).catch(
        () => undefined,
      )
      return answer?.ok
    })
    return this
  }

  /** Waits until the catalog has `count` entities, the portal's own Locations left out. */
  async holds(count) {
    const filter = KINDS.filter((kind) => kind !== 'Location')
      .map((kind) => `kind=${kind}`)
      .join()
    await until(`${count} entities`, async () => {
      const page = await this.read(`/api/catalog/entities/by-query?limit=0&filter=${filter}`)
      return page?.totalItems === count
    })
    return this
  }

  /** Asks the process to end, and waits until it has. */
  async stop(signal = 'SIGTERM') {
    if (this.running) this.process.kill(signal)
    return await this.ended
  }
}
